import { expect, it } from 'vitest';
import { asField, captionsIn, clock, clocked, fieldOf, settled, srt } from './captions.ts';

const oid = 'ab'.repeat(32);
const node = (value: unknown) => ({
	id: 'v',
	type: 'audio',
	x: 0,
	y: 0,
	parent: null,
	data: { [fieldOf(oid)]: value }
});

it('reads what a card keeps and leaves out what is no caption', () => {
	const kept = [[0, 500, 'Out.'], [500, 500, 'x'], ['0', 9, 'x'], 7, [600, 900, 'Now.']];
	expect(captionsIn(node(kept), oid).map((one) => one.words)).toEqual(['Out.', 'Now.']);
	expect(captionsIn(node('Out.'), oid)).toEqual([]);
	expect(captionsIn(node(kept), 'cd'.repeat(32))).toEqual([]);
});

it.each([
	[0, '0:00.0'],
	[1250, '0:01.25'],
	[62_005, '1:02.005'],
	[3_723_500, '1:02:03.5']
])('writes %d as %s and reads it again', (at, text) => {
	expect(clock(at)).toBe(text);
	expect(clocked(text)).toBe(at);
});

it.each([
	['2', 2000],
	['2,5', 2500],
	[' 1:00 ', 60_000],
	['', undefined],
	['a', undefined],
	['1.5:00', undefined],
	['1:2:3:4', undefined],
	['-1', undefined]
])('takes %j for %j', (text, at) => expect(clocked(text)).toBe(at));

it('keeps rows in order, plain, and without what says nothing', () => {
	const rows = [
		{ begins: 900, ends: 1200, words: ' <b>Now</b>\n then ' },
		{ begins: 0, ends: 500, words: 'Out.' },
		{ begins: 600, ends: 700, words: '  ' },
		{ begins: 800, ends: 700, words: 'backwards' }
	];
	expect(asField(settled(rows))).toEqual([
		[0, 500, 'Out.'],
		[900, 1200, 'bNow/b then']
	]);
	expect(asField([])).toBeNull();
});

it('writes SubRip without one caption under another', () => {
	const text = srt([
		{ begins: 0, ends: 1500, words: 'Out.' },
		{ begins: 1000, ends: 3_601_250, words: 'Now.' }
	]);
	expect(text).toBe(
		'1\r\n00:00:00,000 --> 00:00:01,000\r\nOut.\r\n\r\n2\r\n00:00:01,000 --> 01:00:01,250\r\nNow.\r\n'
	);
});
