import { count } from './count.ts';

/** Words of the board seen from afar. */

export const states = 'States on the board';

export const marks = { running: 'Running', waiting: 'Waiting', failed: 'Failed' };

export const board = (cards: number, of: Record<keyof typeof marks, number>): string =>
	[
		`The board from afar: ${count(cards, 'card', 'cards')}`,
		...(['running', 'waiting', 'failed'] as const)
			.filter((mark) => of[mark] > 0)
			.map((mark) => `${of[mark]} ${marks[mark].toLowerCase()}`)
	].join(', ');

export const minimap = (cards: number, running: number): string =>
	`Map of the board: ${count(cards, 'card', 'cards')}${running ? `, ${running} running` : ''}`;
