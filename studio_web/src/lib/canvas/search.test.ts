import { describe, expect, it } from 'vitest';
import { search } from './fuzzy.ts';
import { looksLikeTrackpad } from './gestures/wheel.ts';

const items = ['Shot', 'Asset', 'Assembler', 'Audio', 'Pipeline'];
const found = (query: string) => search(query, items, (item) => [item]);

describe('search', () => {
	it('gives all for nothing, beginnings first, letters in order last', () => {
		expect(found('')).toEqual(items);
		expect(found('as')).toEqual(['Asset', 'Assembler']);
		expect(found('o')).toContain('Audio');
		expect(found('asmb')).toEqual(['Assembler']);
		expect(found('xyz')).toEqual([]);
	});

	it('prefers the title to a keyword', () => {
		const rows = [
			{ title: 'Audio', words: ['voice'] },
			{ title: 'Voice over', words: [] }
		];
		expect(search('voice', rows, (row) => [row.title, ...row.words])[0]?.title).toBe('Voice over');
	});
});

describe('looksLikeTrackpad', () => {
	const wheel = (deltaX: number, deltaY: number, more = {}) => ({
		deltaX,
		deltaY,
		deltaMode: 0,
		ctrlKey: false,
		...more
	});
	it('tells a trackpad from a wheel and keeps its mind when it cannot', () => {
		expect(looksLikeTrackpad(wheel(0, 120), true)).toBe(false);
		expect(looksLikeTrackpad(wheel(0, 3, { deltaMode: 1 }), true)).toBe(false);
		expect(looksLikeTrackpad(wheel(3, 2), false)).toBe(true);
		expect(looksLikeTrackpad(wheel(0, 4), false)).toBe(true);
		expect(looksLikeTrackpad(wheel(0, 40), true)).toBe(true);
		expect(looksLikeTrackpad(wheel(0, 4, { ctrlKey: true }), false)).toBe(false);
	});
});
