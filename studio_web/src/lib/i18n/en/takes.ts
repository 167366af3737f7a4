import { count } from './count.ts';

/** Words for choosing takes; they come with the parts that use them. */

const takesOf = (n: number) => count(n, 'take', 'takes');

export const choosing = {
	didStar: (n: number) => (n === 1 ? 'Take starred' : `${takesOf(n)} starred`),
	didUnstar: (n: number) => (n === 1 ? 'Star taken back' : `${n} stars taken back`),
	rejected: 'Rejected',
	didReject: (n: number, reason: string) =>
		n === 1 ? `Take rejected: ${reason}` : `${takesOf(n)} rejected: ${reason}`,
	didUnreject: (n: number) => (n === 1 ? 'Rejection taken back' : `${n} rejections taken back`),
	noTake: 'Select a shot that has a take',
	why: 'Why not this take?',
	whyMany: (n: number) => `Why not these ${n} takes?`,
	whyText:
		'A number or a click chooses. Rejected takes go to the end of the list and are skipped by [ and ].',
	reasons: [
		'Identity drifts',
		'Motion is off',
		'Flicker or artefacts',
		'Framing',
		'Wrong action',
		'Colour or light',
		'Sound or lips'
	],
	ownReason: 'In your words',
	ownReasonHint: 'For example: the boat turns the wrong way',
	betweenOf: (take: string) => (take ? `in-betweens of ${take}` : 'in-betweens'),
	filter: 'Show',
	filters: { all: 'All', keepers: 'Keepers', standing: 'Not rejected' },
	noKeepers: 'No keepers yet. S stars the take in view.',
	noneLeft: 'All takes of this shot are rejected.',
	counts: (keepers: number, rejected: number) =>
		[keepers ? count(keepers, 'keeper', 'keepers') : '', rejected ? `${rejected} rejected` : '']
			.filter(Boolean)
			.join(', '),
	active: 'Active: on the card and in the cut',
	makeActive: 'Make active',
	didMark: (which: 'in' | 'out', at: number | null) =>
		at === null
			? `${which === 'in' ? 'In' : 'Out'} mark taken away`
			: `${which === 'in' ? 'In' : 'Out'} at frame ${at}`,
	atFrame: (frame: number, frames: number) => `Frame ${frame} of ${frames}`,
	listKeys: 'S stars, X rejects, arrows walk and scrub'
};

export const warned = { title: 'Good to know about this take' };

export const frames = {
	use: 'Use this frame',
	useAs: 'Use this frame as the start of',
	newShot: 'a new shot',
	newShotEntry: 'A new shot',
	shot: (code: string) => `Shot ${code}`,
	working: 'Bringing the frame into the project',
	did: (still: string, shot: string) => `${still} is the start of ${shot}`
};

/** What a film's rendering had to make: parts are what was not copied from the takes. */
export const rendered = {
	anew: (anew: number, parts: number) =>
		anew
			? `${anew} of ${parts} ${parts === 1 ? 'part was' : 'parts were'} made anew, the rest is from the last rendering`
			: `Nothing was made anew: ${parts === 1 ? 'its one part is' : `all ${parts} parts are`} from the last rendering`
};

const names = (list: readonly string[]) =>
	new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(list);

export const recipes = {
	use: 'Use these settings',
	inputsToo: (labels: readonly string[]) => `Wire ${names(labels)} as it was, too`,
	copy: 'Copy recipe',
	rebuild: 'Rebuild on the board',
	none: 'Nobody wrote down how this take was made: it was put into the folder by hand.',
	same: 'The card says all of this already',
	did: (take: string) => `Settings of ${take} used, seed locked`,
	didRebuild: (take: string) => `Rebuilt from ${take}`,
	lost: (files: readonly string[]) =>
		files.length
			? `${names(files)} could not be wired: it is no longer in the project, or does not fit.`
			: '',
	others: (files: readonly string[]) =>
		files.length ? `The card of ${names(files)} shows another take now.` : '',
	now: 'the card says now: ',
	gone: 'no longer in the project',
	by: 'By',
	conformed: 'In-betweens',
	conformedOf: (one: { take: string; pipeline: string; pipeline_version: string }) =>
		`of ${one.take}, by ${one.pipeline} ${one.pipeline_version}`,
	again: 'Made again',
	sandbox: 'Sandbox',
	image: 'Container image',
	quality: (used: string, asked: string) => `${used}; ${asked} was asked for`,
	determinism: {
		bitwise: 'the same recipe gives the same file',
		seeded: 'the same seed gives nearly the same picture',
		none: 'no two takes are alike'
	},
	known: (take: string) => `This is ${take}`,
	knownText: 'It was made in this project. Its shot can be rebuilt with all that went into it.',
	asClip: 'Add it as a clip'
};

const cards = (n: number) => count(n, 'card', 'cards');

export const many = {
	title: (n: number) => `${cards(n)} that make takes`,
	others: (n: number) =>
		n === 1
			? 'One more card is selected; there is nothing to set in it here.'
			: `${n} more cards are selected; there is nothing to set in them here.`,
	generate: (n: number) => `Generate ${n}`,
	star: 'Star their takes',
	common: 'In common',
	nothing: 'They have no setting in common. Select cards of one kind to set them together.',
	mixedShort: 'Mixed',
	mixed: (values: readonly string[], more: number) =>
		`Mixed: ${values.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
	same: 'Make the same',
	stillMixed: 'Still mixed: what you set here goes to all of them.',
	wired: (n: number) => `${cards(n)} have their pipeline by a wire and keep it.`,
	did: (label: string, n: number) => `${label} of ${cards(n)} changed`
};
