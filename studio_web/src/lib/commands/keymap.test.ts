import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { chordOf, clashes, commandFor, given, labelsOf, pressed, readKeys, type Press } from './keymap.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
	key,
	ctrlKey: false,
	metaKey: false,
	shiftKey: false,
	altKey: false,
	...more
});
const altGr = { getModifierState: (name: string) => name === 'AltGraph' };

describe('pressed', () => {
	it.each<[string, Press]>([
		['Ctrl+Z', press('z', { ctrlKey: true })],
		['Ctrl+Z', press('z', { metaKey: true })],
		['Ctrl+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true })],
		['Space', press(' ')],
		['Shift+Left', press('ArrowLeft', { shiftKey: true })],
		['Alt+Shift+Left', press('ArrowLeft', { shiftKey: true, altKey: true })],
		['Shift+1', press('!', { shiftKey: true, code: 'Digit1' })],
		['?', press('?', { shiftKey: true })],
		['Ctrl+,', press(',', { ctrlKey: true })],
		['[', press('[', { altKey: true })],
		['[', press('[', { altKey: true, ctrlKey: true, ...altGr })],
		['Delete', press('Delete')]
	])('reads %s', (keys, event) => {
		expect(pressed(event)).toBe(keys);
	});
});

const command = (id: string, keys: string[]): Command => ({ id, keys, group: '', title: id, run: () => {} });

describe('commands', () => {
	const list = [
		command('undo', ['Ctrl+Z']),
		command('redo', ['Ctrl+Y', 'Ctrl+Shift+Z']),
		command('previous', ['[']),
		command('next', [']']),
		command('fit', ['Shift+1']),
		command('mark', ['Alt+1']),
		command('assets', ['A']),
		command('queue', ['Q']),
		command('zoom-out', ['-']),
		command('sheet', ['?'])
	];
	const found = (event: Press) => commandFor(list, event)?.id;

	it('are found by any of their keys', () => {
		expect(found(press('Z', { ctrlKey: true, shiftKey: true }))).toBe('redo');
		expect(found(press('z'))).toBeUndefined();
		expect(clashes(list)).toEqual(new Map());
	});

	it.each<[string, Press, string]>([
		['German Z is where Y was', press('z', { ctrlKey: true, code: 'KeyY' }), 'undo'],
		['German Y is where Z was', press('y', { ctrlKey: true, code: 'KeyZ' }), 'redo'],
		['German Ü lies where [ is', press('ü', { code: 'BracketLeft' }), 'previous'],
		['German AltGr+8', press('[', { code: 'Digit8', ctrlKey: true, altKey: true, ...altGr }), 'previous'],
		['German + lies where ] is', press('+', { code: 'BracketRight' }), 'next'],
		['German minus', press('-', { code: 'Slash' }), 'zoom-out'],
		['French A is where Q was', press('a', { code: 'KeyQ' }), 'assets'],
		['French Q is where A was', press('q', { code: 'KeyA' }), 'queue'],
		['French 1 needs Shift', press('1', { shiftKey: true, code: 'Digit1' }), 'fit'],
		['French Alt+&', press('&', { altKey: true, code: 'Digit1' }), 'mark'],
		['French dead circumflex lies where [ is', press('Dead', { code: 'BracketLeft' }), 'previous'],
		['French AltGr+5', press('[', { code: 'Digit5', ctrlKey: true, altKey: true, ...altGr }), 'previous'],
		['French ? is Shift+comma', press('?', { shiftKey: true, code: 'KeyM' }), 'sheet'],
		['Russian Я', press('я', { ctrlKey: true, code: 'KeyZ' }), 'undo'],
		['Mac Option+1', press('¡', { altKey: true, code: 'Digit1' }), 'mark']
	])('on another keyboard: %s', (_name, event, id) => {
		expect(found(event)).toBe(id);
	});

	it('name clashes', () => {
		const both = clashes([command('a', ['Q']), command('b', ['Q', 'R'])]);
		expect([...both].map(([label, wanting]) => [label, wanting.map((one) => one.id)])).toEqual([
			['Q', ['a', 'b']]
		]);
	});
});

describe('keys of one’s own', () => {
	const list = [command('undo', ['Ctrl+Z']), command('play', ['Space', 'P'])];

	it('are taken from whoever had them', () => {
		const own = given(list, {}, 'undo', { label: 'P', code: 'KeyP' });
		expect(labelsOf(list[0]!, own)).toEqual(['Ctrl+Z', 'P']);
		expect(labelsOf(list[1]!, own)).toEqual(['Space']);
		expect(commandFor(list, press('p', { code: 'KeyP' }), own)?.id).toBe('undo');
		expect(clashes(list, own)).toEqual(new Map());
	});

	it('are found by their place on another layout', () => {
		const own = given(list, {}, 'play', chordOf(press('ö', { code: 'Semicolon' })));
		expect(commandFor(list, press(';', { code: 'Semicolon' }), own)?.id).toBe('play');
	});

	it('come back from a file, and nothing else does', () => {
		const own = given(list, {}, 'undo', { label: 'U', code: 'KeyU' });
		expect(readKeys(JSON.stringify(own))).toEqual(own);
		for (const wrong of ['', '[]', '{"undo":"U"}', '{"undo":[{"label":1}]}', '{"undo":[{}]}'])
			expect(readKeys(wrong)).toBeUndefined();
	});
});
