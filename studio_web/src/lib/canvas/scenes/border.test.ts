import { expect, it } from 'vitest';
import { crossings, hiddenIn, realEnd, socketName } from './border.ts';
import { board, scene, shot, wires } from './sketch.ts';

const doc = board(
	[
		scene('outer', 0, 0, '01'),
		scene('inner', 0, 0, '02', 'outer'),
		shot('a', 0, 0, '02', '010', 'inner'),
		shot('b', 0, 0, '01', '020', 'outer'),
		shot('c', 0, 0, '03', '010')
	],
	wires(['a', 'video', 'b', 'still'], ['a', 'video', 'c', 'still'], ['b', 'video', 'c', 'clip'])
);

it('stands the outermost collapsed scene for a card', () => {
	expect(Object.fromEntries(hiddenIn(doc, new Set(['inner'])))).toEqual({ a: 'inner' });
	expect(Object.fromEntries(hiddenIn(doc, new Set(['inner', 'outer'])))).toEqual({
		inner: 'outer',
		a: 'outer',
		b: 'outer'
	});
	expect(hiddenIn(doc, new Set()).size).toBe(0);
});

it('finds the sockets that cross a border, once each, and none for wires inside', () => {
	const found = crossings(doc, hiddenIn(doc, new Set(['outer'])));
	expect(
		found.get('outer')?.map(({ node, handle, side, wires }) => [node, handle, side, wires.length])
	).toEqual([
		['a', 'video', 'source', 1],
		['b', 'video', 'source', 1]
	]);
	expect(crossings(doc, hiddenIn(doc, new Set(['inner']))).get('inner')).toMatchObject([
		{ node: 'a', handle: 'video', wires: [{}, {}] }
	]);
});

it('names a socket of a collapsed scene after the one inside, and reads it back', () => {
	const name = socketName('a', 'video.left');
	expect(realEnd(doc, 'outer', name)).toEqual({ node: 'a', handle: 'video.left' });
	expect(realEnd(doc, 'c', 'video.left')).toEqual({ node: 'c', handle: 'video.left' });
});
