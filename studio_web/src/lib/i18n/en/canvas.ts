import { count } from './count.ts';

const cards = (n: number) => count(n, 'card', 'cards');

export const canvas = {
	board: 'Board',
	faces: 'Canvas or composer',
	face: 'Canvas',
	compose: 'Compose',
	loading: 'Opening the project',
	add: 'Add',
	addCard: (title: string) => `Add ${title}`,
	addMenu: 'Add a card',
	addMore: 'More kinds of cards',
	more: 'More',
	addSearch: 'Search cards to add',
	addNothing: (words: string) => `Nothing matches “${words}”`,
	addNoFit: 'Nothing that takes this wire matches',
	addHint: 'Enter places it',
	cardGone: 'This card is no longer on the board',
	undo: 'Undo',
	redo: 'Redo',
	undoWhat: (label: string) => `Undo: ${label}`,
	redoWhat: (label: string) => `Redo: ${label}`,
	zoomIn: 'Zoom in',
	zoomOut: 'Zoom out',
	fit: 'Fit the board',
	view: 'View',
	zoomNow: (percent: number) => `${percent} %, back to 100 %`,
	shortcuts: 'Keyboard shortcuts',
	queue: 'Queue',
	queueCount: (n: number) => `Queue, ${n} running or waiting`,
	queueHeld: 'Queue, held',
	rebuild: (n: number) => (n ? `Rebuild what changed, ${n} out of date` : 'Rebuild what changed'),
	inspector: 'Inspector',
	panels: 'All panels',
	saved: 'Saved',
	unsaved: (n: number) => `${n} unsaved`,
	connecting: 'Connecting',
	adopted: (n: number) =>
		n === 1
			? 'An edit that was not saved last time was kept'
			: `${n} edits that were not saved last time were kept`,
	adoptedMoved: 'The project has changed since. Look whether they still fit.',
	offline: 'Offline: your edits are kept',
	offlineCount: (n: number) => `Offline: ${count(n, 'edit', 'edits')} kept`,
	savedTip: (revision: number) => `Everything is saved, revision ${revision}`,
	quality: 'Quality',
	projectSettings: 'Project settings',
	didAdd: (title: string) => `Added ${title}`,
	didConnect: 'Connected',
	whichInput: 'Into which input?',
	didCut: 'Wire cut',
	brokenWire: (why: string) =>
		`${why}: this wire carries nothing. Drag its end elsewhere, or Alt+click it away.`,
	didRemove: (n: number) => `Removed ${cards(n)}`,
	didReorder: 'Cut order changed',
	didMove: 'Moved',
	didChooseTake: 'Take chosen',
	didFill: (title: string) => `${title} is in the project`,
	didCopy: (n: number) => `${cards(n)} copied`,
	didPaste: (n: number) => `${cards(n)} pasted`,
	didDuplicate: (n: number) => `${cards(n)} duplicated`,
	didEdit: (field: string) => `${field} changed`,
	takeNow: (name: string) => `Now ${name}`,
	undone: (label: string) => `Taken back: ${label}`,
	redone: (label: string) => `Done again: ${label}`,
	leftAlone: (n: number) =>
		n === 1 ? 'A step was left alone: it was changed since' : `${n} steps were left alone: changed since`,
	nothingToUndo: 'Nothing to undo',
	nothingToRedo: 'Nothing to redo',
	nothingToGenerate: 'Select a shot to generate',
	dropHere: 'Drop to add to the film',
	offlineBanner:
		'The studio is not connected. You can go on working: your edits are kept and sent when it is back.',
	showIt: 'Show it',
	refused: (label: string) => `Taken back: ${label}`,
	leave: 'Some edits are not saved yet.',
	toProjects: 'Back to the projects'
};

export const emptyBoard = {
	title: 'Begin your film',
	text: 'Each shot lies on this board with its takes. Wire the shots into a cut, and you have a film.',
	ways: {
		shot: ['Add a shot', 'Say what happens, generate, keep the best take.'],
		prompt: ['Compose', 'A picture and a sentence are enough.'],
		script: ['Script to film', 'A page in, a drawn and spoken film out.'],
		sample: ['Open a sample film', 'Three shots and their cut, ready to generate.']
	} as const,
	orDrop: 'or drop pictures, clips and sound here'
};

export const shot = {
	region: (code: string) => `Shot ${code}`,
	label: (code: string) => `SHOT ${code}`,
	scene: (scene: string) => `Scene ${scene}`,
	sceneField: 'Scene',
	codeField: 'Shot',
	numberField: 'Number',
	numbering: '···',
	prompt: 'Prompt',
	promptEmpty: 'What happens in this shot?',
	fromWire: 'From the wire',
	moreInputs: (n: number) => `${n} more inputs`,
	fewerInputs: 'Fewer inputs',
	notUsed: 'not used',
	noUse: (pipeline: string) => `${pipeline} makes no use of this. The wire is kept.`,
	noTake: 'No take yet',
	play: 'Play',
	takes: 'Takes',
	take: 'Take',
	takeOf: (n: number, total: number) => `Take ${n} of ${total}`,
	takeName: (version: number, n: number) =>
		`v${String(version).padStart(2, '0')} take ${String(n).padStart(2, '0')}`,
	previous: 'Previous take',
	next: 'Next take',
	active: 'In the cut',
	use: 'Use this take',
	star: 'Star as a keeper',
	unstar: 'No longer a keeper',
	keeper: 'Keeper',
	compare: 'Compare',
	reject: 'Reject…',
	unreject: 'Take the rejection back',
	rejectedFor: (reason: string) => `Rejected: ${reason}`,
	noMore: 'No further take that is not rejected',
	generate: 'Generate',
	cancel: 'Cancel',
	sending: 'Sending',
	queued: 'Queued',
	queuedAt: (n: number) => `Queued, number ${n}`,
	waiting: 'Waiting',
	running: 'Running',
	failed: 'Failed',
	retry: 'Try again',
	setField: (field: string) => `Set ${field}`,
	details: 'Details',
	progress: (percent: number, step: string) => (step ? `${percent} %, ${step}` : `${percent} %`),
	pipeline: 'Pipeline',
	pipelineAuto: 'By project quality',
	pipelineWired: (title: string) => `${title}, by wire`,
	pipelineGone: (id: string) => `“${id}” is not installed`,
	seed: 'Seed',
	seedRandom: 'New each time',
	seedLock: 'Keep this seed',
	seedRoll: 'Another seed',
	recipe: 'Recipe',
	madeWith: 'Made with',
	madeAt: 'Made',
	madeIn: 'Took',
	picture: 'Picture',
	length: 'Length',
	tookTake: (shot: string, take: string) => `Shot ${shot}: ${take} is here`,
	didFail: (shot: string, message: string) => `Shot ${shot} failed. ${message}`
};

export const asset = {
	choose: 'Choose a file',
	replace: 'Replace',
	drop: 'or drop it here',
	name: 'Name',
	uploading: (percent: number) => `Uploading, ${percent} %`,
	checking: 'Checking the file',
	stop: 'Stop the upload',
	gone: 'This file is no longer in the project',
	kinds: { image: 'Still', video: 'Clip', audio: 'Sound' } as Record<string, string>
};

export const pipeline = {
	label: 'Pipeline',
	none: 'Choose a pipeline',
	previz: 'Previz',
	production: 'Production',
	cannot: 'It cannot',
	unavailable: 'Not available'
};

export const assembler = {
	cut: 'The cut',
	empty: 'Wire shots in here, in any order',
	up: (label: string) => `Move ${label} earlier`,
	down: (label: string) => `Move ${label} later`,
	missing: 'No take yet',
	open: 'Open the cut',
	export: 'Export',
	render: 'Render Final Video',
	watch: 'Watch the film',
	films: 'Films',
	total: (shots: number, time: string) => `${count(shots, 'shot', 'shots')} · ${time}`,
	exportTitle: 'Edit exported',
	exportText: 'The cut as your editor reads it, in the project folder.',
	exporting: 'Writing the edit',
	download: 'Download',
	events: (n: number) => count(n, 'event', 'events'),
	starts: 'Starts at',
	length: 'Length',
	notes: 'Good to know',
	rendering: 'Rendering the film',
	delivering: 'Making the delivery',
	filmReady: (name: string) => `${name} is ready`
};

export const unknownNode = {
	text: 'This studio does not know this kind of card. It is kept as it is.'
};

export const widget = {
	json: 'This field is kept as it is'
};

export const queue = {
	states: {
		waiting: 'Waiting',
		queued: 'Queued',
		running: 'Running',
		succeeded: 'Done',
		failed: 'Failed',
		canceled: 'Canceled'
	} as Record<string, string>
};

export const inspector = {
	title: 'Inspector',
	nothing: 'Nothing selected',
	nothingText: 'Select a card to see all of its settings.',
	many: (n: number) => `${cards(n)} selected`,
	manyText: 'Ctrl+Enter generates the shots among them.',
	inputs: 'Inputs',
	settings: 'Settings',
	unwired: 'not wired',
	needed: 'needed',
	broken: 'The pipeline has no such input; the wire is kept.'
};
