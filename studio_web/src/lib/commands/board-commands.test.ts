import { describe, expect, it } from 'vitest';
import handbook from '../../../../docs/artists.md?raw';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { groups } from '../i18n/en/commands.ts';
import { boardCommands } from './board-commands.ts';
import { clashes, kept } from './keymap.ts';

/** Commands are made before anything is asked of the board; only `run` and `when` look at it. */
const bench = { board: {}, view: {}, session: { runs: {} } } as unknown as Workbench;
const commands = boardCommands(bench);

/** Keys that the handbook for artists promises, with what they do. */
const promised: Record<string, string> = {
	'?': 'shortcuts',
	'Ctrl+,': 'settings',
	'Ctrl+K': 'palette',
	'Shift+F10': 'menu',
	'Ctrl+F': 'find',
	'Alt+Shift+1': 'bookmark-set-1',
	'Alt+1': 'bookmark-1',
	'Shift+N': 'note',
	Enter: 'enter',
	W: 'connect',
	O: 'outline',
	'[': 'take-previous',
	'Shift+A': 'add',
	'Ctrl+Z': 'undo'
};

describe('the handbook', () => {
	it.each(Object.entries(promised))('is right about %s', (keys, id) => {
		expect(handbook).toContain(`\`${keys}\``);
		expect(commands.find((command) => command.keys.includes(keys))?.id).toBe(id);
	});
});

describe('the keys of the board', () => {
	it('do not contradict each other', () => {
		const both = [...clashes(commands)].map(
			([label, wanting]) => `${label}: ${wanting.map((one) => one.id).join()}`
		);
		expect(both).toEqual([]);
	});

	it('have ids that are told apart', () => {
		const ids = commands.map((command) => command.id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('stand in a group that has a name', () => {
		expect(commands.filter((command) => !(command.group in groups)).map((command) => command.id)).toEqual([]);
	});

	it('are first of all keys that a browser hands over', () => {
		expect(commands.filter((command) => command.keys[0] && kept(command.keys[0]))).toEqual([]);
	});
});
