import { count } from './count.ts';

/** Alternates: other states of the board, tried side by side, compared and merged. */

export const title = 'Alternates';
export const none = 'Try another way without losing this one: each alternate is a board of its own.';
export const loading = 'Reading the alternates';
export const onBoard = 'On the board';
export const putOn = 'Put on the board';
export const putOnIt = (name: string) => `Put “${name}” on the board`;
export const compare = 'Compare';
export const compareIt = (name: string) => `Compare “${name}” with the board`;
export const more = (name: string) => `More for “${name}”`;
export const rename = 'Rename…';
export const putAway = 'Put away';
export const away = (n: number) => `Put away (${n})`;
export const takeBack = 'Take back';
export const takeBackIt = (name: string) => `Take “${name}” back`;
export const didPutAway = (name: string) => `“${name}” is put away`;
export const didTakeBack = (name: string) => `“${name}” is back on the list`;
export const by = (author: string, when: string) => (author ? `${author} · ${when}` : when);
export const open = (name: string) => `Alternate on the board: ${name}. Show all`;

export const newTitle = 'Try an alternate';
export const newText =
	'It begins as the board is now and is put on the board for everybody here. What is there now is kept as an alternate too; takes stay with their shots.';
export const newFrom = (version: string) =>
	`It begins as the board was at “${version}” and is put on the board for everybody here. What is there now is kept as an alternate too; takes stay with their shots.`;
export const renameTitle = 'Rename the alternate';
export const name = 'Name';
export const nameHint = 'For example: by night';
export const begin = 'Try it';
export const save = 'Rename';

export const nowOn = (name: string) => `“${name}” is on the board now`;
export const nowOnText = (actor: string) =>
	actor && actor !== 'You'
		? `${actor} put it there. What was on the board is saved under its own name.`
		: 'What was on the board is saved under its own name.';
export const backTo = (name: string) => `Back to “${name}”`;
export const unsent = {
	message: 'Some of your changes have not reached the studio yet.',
	remedy: 'Wait until the bar says Saved, then try again.'
};

export const beside = (name: string, other: string) => `“${name}” beside ${other}`;
export const board = 'the board';
export const besideWhat = 'Compare with';
export const theBoard = 'The board';
export const comparing = 'Comparing';
export const alike = 'They are alike. There is nothing to merge.';
export const picture = (what: string) => `Picture of the alternate. ${what}`;
export const groups = {
	both: (n: number) => `Both changed (${n})`,
	theirs: (n: number, name: string) => `Only “${name}” changed (${n})`,
	mine: (n: number, other: string) => `Only ${other} changed (${n})`
};
export const groupsText = {
	both: 'Choose one of the two for each.',
	theirs: 'Taken over unless you choose otherwise.',
	mine: 'Stays unless you choose otherwise.'
};
export const choose = (card: string, what: string) => `${card}, ${what}`;
export const allMine = 'All as here';
export const allTheirs = (name: string) => `All from “${name}”`;
export const here = 'Here';
export const marks = {
	added: 'added',
	removed: 'removed',
	there: 'as it is here',
	thereTheirs: 'as it is there',
	gone: 'not there',
	place: 'Place',
	placeHere: 'where it lies here',
	placeThere: 'where it lies there',
	wires: (input: string) => `Wire into ${input}`,
	noWire: 'no wire',
	card: 'Card',
	nothing: 'empty'
};
export const taken = (n: number, name: string) =>
	n === 0
		? `Nothing is taken from “${name}”`
		: `${count(n, 'difference', 'differences')} taken from “${name}”`;
export const merge = 'Merge into the board';
export const mergeText = 'One step: undo takes it back.';
export const didMerge = (name: string) => `Merged “${name}”`;
export const nothingCame = (name: string) => `“${name}” is merged; the board stays as it is`;
export const look = (n: number) => `${count(n, 'card needs', 'cards need')} a look`;
export const showThem = 'Show them';
export const onlyBoard = 'Only what is on the board can be merged into.';
