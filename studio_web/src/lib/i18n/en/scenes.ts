import { count } from './count.ts';

/** Words about scenes, notes, marks and everything that lies in frames. */

const cards = (n: number) => count(n, 'card', 'cards');
const shots = (n: number) => count(n, 'shot', 'shots');

export const colours: Record<string, string> = {
	grey: 'Grey',
	red: 'Red',
	orange: 'Orange',
	yellow: 'Yellow',
	green: 'Green',
	teal: 'Teal',
	blue: 'Blue',
	violet: 'Violet',
	pink: 'Pink'
};

export const scene = {
	name: (number: string) => (number ? `Scene ${number}` : 'Scene'),
	called: (number: string, title: string) => (title ? `Scene ${number}, ${title}` : `Scene ${number}`),
	title: 'Scene title',
	titleEmpty: 'Untitled',
	menu: (name: string) => `${name}: menu`,
	expand: (name: string) => `Expand ${name || 'the scene'}`,
	collapse: (name: string) => `Collapse ${name || 'the scene'}`,
	holds: cards,
	shots,
	empty: 'Drag cards in here',
	dropHere: 'Drop to put it into this scene',
	noShots: 'No shots',
	more: (n: number) => `+${n}`,
	running: (n: number) => `${n} running`,
	resize: 'Resize the scene',
	linked: (n: number) => `${n} scenes follow each other. What you change in one changes in all.`,
	linkedShort: (n: number) => `Linked, ${n}`,
	colour: 'Colour',
	didGroup: (name: string, n: number) => `${cards(n)} put into ${name}`,
	didUngroup: (n: number) =>
		n === 1 ? 'Frame removed, its cards stay' : `${n} frames removed, their cards stay`,
	didAdd: (title: string, name: string) => `Added ${title} to ${name}`,
	didMoveIn: (name: string) => `Moved into ${name}`,
	didMoveOut: 'Moved out of its scene',
	didResize: 'Scene resized',
	didColour: 'Colour changed',
	didName: 'Scene named',
	didMakeWay: (n: number) => `${n === 1 ? '1 card' : `${n} cards`} moved aside, so that the scene can open`,
	didFit: 'Frame fitted to its cards',
	didCollapse: (name: string) => `${name} collapsed`,
	didExpand: (name: string) => `${name} expanded`,
	didRemove: (name: string, n: number) =>
		n ? `${name} and the ${cards(n)} in it removed` : `${name} removed`,
	didRemoveMany: (scenes: number, n: number) => `${scenes} scenes and the ${cards(n)} in them removed`,
	didLink: (name: string) => `${name} follows the first from now on`,
	didUnlink: (name: string) => `${name} goes its own way`,
	run: {
		started: (name: string, n: number) => `${name}: ${cards(n)} started`,
		waits: (n: number) =>
			`${cards(n)} ${n === 1 ? 'starts' : 'start'} when what feeds ${n === 1 ? 'it' : 'them'} is there`,
		leftOut: (n: number, title: string, why: string) => `${cards(n)} left out. ${title}: ${why}`,
		nothing: 'There is nothing to make in this scene: it has no unmuted card that makes takes',
		stopped: (n: number) => (n ? `${count(n, 'task', 'tasks')} stopped` : 'Nothing is running')
	}
};

export const sceneCommands = {
	group: 'Put the selection into a scene',
	ungroup: 'Remove the frame only',
	collapse: 'Collapse or expand the scene',
	run: 'Run the scene',
	stop: 'Stop everything that runs',
	link: 'Duplicate as linked scene',
	unlink: 'Unlink the scene',
	filmstrip: 'Filmstrip in story order',
	cut: 'Open the cut',
	fit: 'Fit the frame to its cards',
	mute: 'Mute',
	unmute: 'Unmute',
	bypass: 'Bypass',
	pin: 'Pin to its place',
	note: 'Add a note',
	remove: 'Remove with its cards',
	reroute: 'Put a reroute into the wire'
};

export const why = {
	selectCards: 'Select the cards first',
	selectScene: 'Select a scene, or a card in one',
	selectScenes: 'Select a scene first',
	linkNested: 'This scene lies in a linked one. Unlink that one first.',
	linkHolds: 'A linked scene lies in this one. Unlink it first.',
	notLinked: 'This scene is not linked',
	noBypass:
		'Nothing would pass through: bypass hands on what is wired into a card, of the kind that the card gives',
	filmstrip: 'Select a scene or an assembler',
	cut: 'Select an assembler',
	reroute: 'Select a wire'
};

export const marks = {
	muted: 'Muted: it gives nothing',
	mutedByScene: 'Muted by its scene: it gives nothing',
	bypassed: 'Bypassed: it hands on what comes in',
	pinned: 'Pinned to its place',
	didMute: (n: number) => `${cards(n)} muted`,
	didUnmute: (n: number) => `${cards(n)} unmuted`,
	didBypass: (n: number) => `${cards(n)} bypassed`,
	didUnbypass: (n: number) => `${cards(n)} back in work`,
	didPin: (n: number) => `${cards(n)} pinned`,
	didUnpin: (n: number) => `${cards(n)} free to move`
};

export const fields = {
	socket: 'Make it a socket',
	socketHint: 'A wire can then set it',
	field: 'Make it a field again',
	fieldHint: 'Its wire goes away',
	didSocket: (field: string) => `${field} is a socket now`,
	didField: (field: string) => `${field} is a field again`
};

export const note = {
	label: 'Note',
	empty: 'Write a remark',
	edit: 'Edit the note',
	resize: 'Resize the note',
	didWrite: 'Note changed',
	didResize: 'Note resized',
	colour: 'Colour of the note'
};

export const reroute = { didAdd: 'Reroute put into the wire', anything: 'Anything' };

export const filmstrip = {
	title: (name: string) => `${name} in story order`,
	text: 'Drag a picture, or press Alt with an arrow key, to change the order. A double click shows the card.',
	list: 'Shots in story order',
	empty: 'No shots here yet',
	emptyText: 'Put shots into the scene, or wire them into the assembler.',
	noAssembler: 'The order is kept by an assembler, and none takes these shots yet.',
	addAssembler: 'Add an assembler',
	didAddAssembler: 'Assembler added, with the shots wired in',
	notInCut: 'Not in the cut',
	missing: 'No take yet',
	moved: (name: string, at: number, of: number) => `${name} is now number ${at} of ${of}`,
	didReorder: 'Story order changed',
	show: 'Show on the board',
	total: (n: number, time: string) => `${shots(n)} · ${time}`
};

export const update = {
	offer: (version: string) => `Version ${version} is here`,
	title: (name: string) => `${name} has a newer version`,
	text: (from: string, to: string) =>
		`This card was set up with ${from}, which is no longer here. It runs with ${to}.`,
	kept: (from: string, to: string) =>
		`This card runs ${from}, which stays installed for it. New cards get ${to}.`,
	accept: 'Accept the new version',
	later: 'Not now',
	same: 'Its inputs and settings are the same.',
	inputs: 'Inputs',
	fields: 'Settings',
	added: 'New',
	removed: 'Gone',
	changed: 'Changed',
	/** What the ways to set a value are called. */
	widgets: {
		text: 'a line of text',
		textarea: 'text',
		number: 'a number',
		slider: 'a slider',
		select: 'a choice',
		toggle: 'on or off',
		seed: 'a seed',
		points: 'points on a picture'
	} as Record<string, string>,
	keeps: 'Wires and settings of what is gone are kept, in case it comes back.',
	didAccept: (version: string) => `Version ${version} accepted`
};

export const arrange = {
	bar: 'Arrange the selection',
	left: 'Align left edges',
	centre: 'Align centres',
	right: 'Align right edges',
	top: 'Align top edges',
	middle: 'Align middles',
	bottom: 'Align bottom edges',
	across: 'Space evenly across',
	down: 'Space evenly downwards',
	tidy: 'Tidy up',
	two: 'Select two cards or more',
	three: 'Select three cards or more',
	nothing: 'The board is empty',
	didAlign: 'Cards aligned',
	didDistribute: 'Cards spaced evenly',
	didTidy: 'Board tidied',
	tidyAlready: 'Everything is in its place already',
	tidyFailed: 'Tidying did not work'
};

export const inspect = {
	title: 'Title',
	width: 'Width',
	height: 'Height',
	inside: 'In this scene',
	pinned: 'pinned'
};

export const value = { on: 'On', off: 'Off' };
