import { count } from './count.ts';

/** What the board and a change from outside both changed. */

export const title = 'Changed here and outside';
export const sectionText =
	'Both sides changed the same place. What came from outside is on the board; look, and decide.';
export const places = (n: number) => count(n, 'place', 'places');
export const look = (label: string, when: string) => `Look at what met: ${label}, ${when}`;
export const lookShort = 'Look';
export const loading = 'Reading what met';
export const none = 'Nothing met: nobody changed the same place on both sides.';
export const which = 'Which change';
export const intro =
	'The board and somebody outside changed the same places since they parted. Each is shown as it was, as the board had it, and as it came.';
export const three = { base: 'Before', mine: 'The board’s', theirs: 'From outside' };
export const onBoard = 'on the board';
export const since = 'Changed again since: neither of the three is on the board.';
export const nothing = 'empty';
export const noWire = 'no wire';
export const wires = (input: string) => `Wire into ${input}`;
export const card = 'Card';
export const cardGone =
	'One side removed this card, the other worked on it. Versions has the board as it was.';
export const cardStays = 'Both sides made this card. The board has one of them; Versions has the other.';
export const choose = (card: string, what: string) => `${card}, ${what}`;
export const allOf = { base: 'All as before', mine: 'All as the board had it', theirs: 'All as it came' };
export const chosen = (n: number) =>
	n === 0
		? 'The board stays as it is.'
		: `${count(n, 'place', 'places')} will change, in one step: undo takes it back.`;
export const decide = 'Change the board';
export const decided = 'What both changed is decided';
