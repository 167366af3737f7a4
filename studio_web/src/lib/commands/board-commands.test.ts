import { describe, expect, it } from 'vitest';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { boardCommands } from './board-commands.ts';
import { conflicts } from './keymap.ts';

const bench = { board: { nodes: [], selected: [] }, view: {}, session: { runs: {} } } as unknown as Workbench;

describe('the keys of the board', () => {
	it('do not contradict each other', () => {
		expect(conflicts(boardCommands(bench))).toEqual([]);
	});

	it('have ids that are told apart', () => {
		const ids = boardCommands(bench).map((command) => command.id);
		expect(new Set(ids).size).toBe(ids.length);
	});
});
