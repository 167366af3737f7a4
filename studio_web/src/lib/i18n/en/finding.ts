import { count } from './count.ts';

/** Find on the board, walking it by keyboard, and how a card stands in a line. */
export const findWords = {
	title: 'Find on the board',
	field: 'Name, number or words of a prompt',
	state: 'State',
	anyState: 'Any state',
	type: 'Kind',
	anyType: 'Any kind',
	count: (at: number, of: number) => (of === 0 ? 'none' : at > 0 ? `${at} of ${of}` : `${of} found`),
	next: 'Next',
	previous: 'Previous',
	none: 'Nothing found',
	standing: (name: string, state: string, at: number, of: number) =>
		[name, state, `${at} of ${of}`].filter(Boolean).join(', '),
	states: {
		failed: 'Failed',
		running: 'Running',
		waiting: 'Waiting',
		stale: 'Out of date',
		locked: 'Locked',
		unknown: 'Made by an older studio',
		'no-take': 'No take',
		done: 'Has takes',
		muted: 'Muted'
	} as Record<string, string>,
	takes: (n: number) => count(n, 'take', 'takes')
};

export const walkWords = {
	left: 'Walk to the card on the left',
	right: 'Walk to the card on the right',
	up: 'Walk to the card above',
	down: 'Walk to the card below',
	row: 'Walk to the next card',
	upstream: 'Follow a wire back to where it comes from',
	downstream: 'Follow a wire to where it leads',
	side: (way: string) => `Go to the card beside it on the same wires, ${way}`,
	wireRow: 'Walk along the wires',
	enter: 'Go into the card',
	at: (name: string, state: string) => [name, state].filter(Boolean).join(', '),
	nothingThere: 'There is no card on that side',
	noWireThere: 'No wire leads on from here',
	empty: 'The board is empty'
};

export const markWords = {
	go: (n: number) => `Go to bookmark ${n}`,
	goRow: 'Go to a bookmark',
	set: (n: number) => `Set bookmark ${n} here`,
	setRow: 'Set a bookmark here',
	unset: (n: number, keys: string) => `There is no bookmark ${n} yet. ${keys} sets it here.`,
	didSet: (n: number, keys: string) => `Bookmark ${n} is set. ${keys} comes back to it.`,
	went: (n: number) => `Bookmark ${n}`
};
