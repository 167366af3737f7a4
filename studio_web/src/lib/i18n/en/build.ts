import { count } from './count.ts';

const cards = (n: number) => count(n, 'card', 'cards');
const list = (names: readonly string[], more: number): string =>
	new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(
		more > 0 ? [...names, `${more} more`] : names
	);

/** Whether what a card shows is up to date, and why not; the plan of a rebuild; locks. */
export const standing = {
	names: {
		stale: 'Out of date',
		missing: 'No take yet',
		locked: 'Locked',
		unknown: 'Made by an older studio'
	} as Record<string, string>,
	label: (state: string, reasons: readonly string[]) =>
		reasons.length ? `${state}: ${reasons.join('; ')}` : state,
	title: 'Changed since this take',
	filmTitle: 'Changed since this film',
	lockedTitle: 'Locked: this take stays',
	lockedText: 'Nothing makes it anew until you unlock it.',
	lockedChanged: 'Since then this has changed:',
	unknownTitle: 'It cannot be told whether this take is up to date',
	unknownText:
		'An older studio made it and did not write down everything that goes into it. Generate again to be sure.',
	was: 'Before',
	now: 'Now',
	rebuild: 'Rebuild…',
	lock: 'Lock this take',
	unlock: 'Unlock this take',
	didLock: (n: number) => `${cards(n)} locked`,
	didUnlock: (n: number) => `${cards(n)} unlocked`,
	lockNothing: 'Select a card that has a take',
	filter: 'Only what is out of date',
	none: 'Everything is up to date'
};

export const reasons = {
	prompt: 'The prompt changed',
	field: (label: string, was: string, now: string) => `${label}: ${was} → ${now}`,
	fieldLong: (label: string) => `${label} changed`,
	take: (card: string, newer: boolean) =>
		newer ? `A newer take of ${card} is active` : `Another take of ${card} is active`,
	file: (label: string, was: string, now: string) =>
		was === now ? `${now} was replaced` : `${label}: ${was} → ${now}`,
	wired: (label: string, card: string) => `${label}: ${card} is wired in now`,
	unwired: (label: string, was: string) => `${label}: ${was} is no longer wired in`,
	files: (label: string) => `${label}: other files go in now`,
	added: (card: string) => `${card} came into the cut`,
	removed: (shot: string) => `${shot} is no longer in the cut`,
	order: 'The order of the cut changed',
	marks: (card: string) => `${card} is cut to another length`,
	said: (card: string) => `What is said in ${card} is written differently`,
	reframed: (card: string) => `What of ${card} is seen changed`,
	passage: (card: string, begins: boolean, was: string, now: string) =>
		`How ${card} ${begins ? 'begins' : 'ends'}: ${was} → ${now}`,
	title: (card: string, was: string, now: string) =>
		was && now
			? `The title over ${card}: ${was} → ${now}`
			: `A title over ${card} ${now ? 'is new' : 'is gone'}: ${now || was}`,
	titleLong: (card: string) => `The title over ${card} changed`,
	cut: 'cut',
	/** `how` is dissolve or fade, of so many frames or of a second. */
	way: (how: string, frames: string) => (frames ? `${how} of ${frames} frames` : `${how} of a second`),
	seed: (was: string, now: string) => `Seed: ${was} → ${now}`,
	pipeline: (was: string, now: string) => `Pipeline: ${was} → ${now}`,
	version: (pipeline: string, was: string, now: string) => `${pipeline} ${was} → ${now}`,
	code: (pipeline: string) => `${pipeline} was changed without a new version`,
	quality: (was: string, now: string) => `Quality: ${was} → ${now}`,
	size: (was: string, now: string) => `The project’s size: ${was} → ${now}`,
	rate: (was: string, now: string) => `The project’s frame rate: ${was} → ${now}`,
	between: (was: string, now: string) => `In-betweens are for ${was}, the project has ${now}`,
	upstream: (names: readonly string[], more: number) => `${list(names, more)} will change`,
	gone: 'a card that is gone',
	none: 'none',
	on: 'on',
	off: 'off'
};

export const rebuild = {
	scene: (code: string) => `Scene ${code}`,
	title: 'Rebuild what changed',
	command: 'Rebuild what changed…',
	text: 'Each of these gets a new take, which becomes active. What depends on another one is made after it, with its new take.',
	looking: 'Looking at what changed',
	scope: 'What',
	whole: 'The whole film',
	chosen: (n: number) => (n === 1 ? 'The selected card' : `The ${n} selected cards`),
	downstream: 'And everything made from it',
	missing: 'Shots without a take',
	films: 'Films that were never rendered',
	nothing: 'Everything is up to date',
	nothingText: 'Every active take is what its card says.',
	after: (names: readonly string[], more: number) => `after ${list(names, more)}`,
	use: (take: string) => `${take} already is this: it is used again`,
	between: (take: string) => `new in-betweens from ${take}; the shot itself is not made again`,
	running: 'is being made just so already',
	spared: 'not needed then',
	missingNow: 'has no take yet',
	unknown: 'no estimate yet',
	total: (made: number, used: number, time: string, unknown: number) =>
		[
			made ? `${made} to make` : '',
			used ? count(used, 'take used again', 'takes used again') : '',
			time ? `done in ${time}${unknown ? `, but for ${unknown} nobody can tell of` : ''}` : ''
		]
			.filter(Boolean)
			.join(' · ') || 'Nothing to do',
	start: (n: number) => (n ? `Rebuild ${n}` : 'Rebuild'),
	started: (n: number) => `Rebuild of ${cards(n)} started`,
	choose: (card: string) => `Rebuild ${card}`
};

/** Several takes and films that are made together: a rebuild, or a whole film out of a script. */
export const run = {
	title: 'What is being made together',
	going: (done: number, all: number) => `${done} of ${all} made`,
	failed: (n: number) => `${n} failed`,
	stop: 'Stop making these',
	queue: 'Show the queue',
	ended: (made: number, failed: number, stopped: number) =>
		[`${made} made`, failed ? `${failed} failed` : '', stopped ? `${stopped} stopped` : '']
			.filter(Boolean)
			.join(', ')
};
