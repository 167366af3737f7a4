import { expect, it } from 'vitest';
import { apply } from '../../project/ops.ts';
import { makingOrder, reorder, storyOf } from './order.ts';
import { board, card, scene, shot, wires } from './sketch.ts';

const doc = board(
	[
		scene('s', 0, 0, '01'),
		shot('a', 0, 0, '01', '010', 's'),
		shot('b', 0, 0, '01', '020', 's'),
		shot('c', 0, 0, '01', '030', 's'),
		shot('other', 0, 0, '02', '010'),
		card('film', 900, 0, { type: 'assembler' })
	],
	wires(['a', 'video', 'film', 'clips'], ['b', 'video', 'film', 'clips'], ['other', 'video', 'film', 'clips'])
);

it('tells a scene in the order of the cut, then what is in no cut', () => {
	expect(storyOf(doc, 's').rows.map((row) => row.node)).toEqual(['a', 'b', 'c']);
	expect(storyOf(doc, 's').assembler).toBe('film');
	expect(storyOf(doc, 'film').rows.map((row) => row.node)).toEqual(['a', 'b', 'other']);
});

it('writes the whole order when a row is moved', () => {
	const after = apply(doc, reorder(doc, storyOf(doc, 's'), 0, 1));
	expect(storyOf(after, 'film').rows.map((row) => row.node)).toEqual(['b', 'a', 'other']);
	expect(reorder(doc, storyOf(doc, 's'), 0, 2)).toEqual([]);
	const back = apply(after, reorder(after, storyOf(after, 'film'), 2, 0));
	expect(storyOf(back, 'film').rows.map((row) => row.node)).toEqual(['other', 'b', 'a']);
});

it('makes what feeds another first', () => {
	const chain = board(
		[shot('u', 0, 0, '01', '010'), shot('x', 0, 0, '01', '020'), shot('y', 0, 0, '01', '030')],
		wires(['y', 'video', 'u', 'clip'])
	);
	expect(makingOrder(chain, ['u', 'x', 'y'])).toEqual(['y', 'u', 'x']);
});
