import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { commandFor, conflicts, pressed, type Press } from './keymap.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
	key,
	ctrlKey: false,
	metaKey: false,
	shiftKey: false,
	altKey: false,
	...more
});

describe('pressed', () => {
	it.each<[string, Press]>([
		['Ctrl+Z', press('z', { ctrlKey: true })],
		['Ctrl+Z', press('z', { metaKey: true })],
		['Ctrl+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true })],
		['Space', press(' ')],
		['Shift+Left', press('ArrowLeft', { shiftKey: true })],
		['Shift+1', press('!', { shiftKey: true, code: 'Digit1' })],
		['?', press('?', { shiftKey: true })],
		['[', press('[', { altKey: true })],
		['Delete', press('Delete')]
	])('reads %s', (keys, event) => {
		expect(pressed(event)).toBe(keys);
	});
});

describe('commands', () => {
	const command = (id: string, keys: string[]): Command => ({
		id,
		keys,
		group: '',
		title: id,
		run: () => {}
	});

	it('finds by any of its keys', () => {
		const list = [command('undo', ['Ctrl+Z']), command('redo', ['Ctrl+Y', 'Ctrl+Shift+Z'])];
		expect(commandFor(list, press('Z', { ctrlKey: true, shiftKey: true }))?.id).toBe('redo');
		expect(commandFor(list, press('z'))).toBeUndefined();
		expect(conflicts(list)).toEqual([]);
	});

	it('names conflicts', () => {
		expect(conflicts([command('a', ['Q']), command('b', ['Q'])])).toEqual(['Q: a, b']);
	});
});
