import { describe, expect, it } from 'vitest';
import { apply, type Doc } from '../../project/ops.ts';
import { board, card, scene, shot, sizesOf, wires } from '../scenes/sketch.ts';
import { boxOf, cornerOf } from '../scenes/tree.ts';
import { align, distribute } from './align.ts';
import { layers } from './layers.ts';
import { tidy } from './tidy.ts';

const row = board([
	shot('a', 0, 10, '01', '010'),
	shot('b', 130, 50, '01', '020'),
	shot('c', 700, 0, '01', '030'),
	scene('s', 200, 300, '02'),
	shot('d', 30, 60, '02', '010', 's')
]);
const at = (doc: Doc, ids: string[]) => ids.map((id) => cornerOf(doc, id));

describe('align', () => {
	it.each([
		['left', 'x', [0, 0, 0]],
		['right', 'x', [700, 700, 700]],
		['top', 'y', [0, 0, 0]],
		['bottom', 'y', [50, 50, 50]],
		['middle', 'y', [25, 25, 25]],
		['centre', 'x', [350, 350, 350]]
	] as const)('%s', (edge, side, wanted) => {
		const after = apply(row, align(row, ['a', 'b', 'c'], edge, sizesOf(row)));
		expect(at(after, ['a', 'b', 'c']).map((spot) => spot[side])).toEqual(wanted);
	});

	it('lines up cards of different scenes on the board', () => {
		const after = apply(row, align(row, ['a', 'd'], 'left', sizesOf(row)));
		expect(cornerOf(after, 'd').x).toBe(0);
		expect(after.nodes.get('d')?.parent).toBe('s');
	});

	it('lines up with what is pinned', () => {
		const doc = apply(row, [{ op: 'node.set', id: 'b', name: 'pinned', value: true }]);
		const after = apply(doc, align(doc, ['a', 'b', 'c'], 'top', sizesOf(doc)));
		expect(at(after, ['a', 'b', 'c']).map((spot) => spot.y)).toEqual([50, 50, 50]);
	});
});

it('distributes with even gaps between the outer two', () => {
	const after = apply(row, distribute(row, ['a', 'b', 'c'], 'across', sizesOf(row)));
	expect(at(after, ['a', 'b', 'c']).map((spot) => spot.x)).toEqual([0, 350, 700]);
	expect(distribute(row, ['a', 'b'], 'across', sizesOf(row))).toEqual([]);
});

describe('tidy', () => {
	const film = board(
		[
			card('asset', 500, 500, { type: 'asset' }),
			scene('s', 0, 0, '01'),
			...Array.from({ length: 12 }, (_, n) =>
				shot(`s${n}`, 900 - n * 50, n * 10, '01', String(n).padStart(3, '0'), 's')
			),
			card('film', -200, 100, { type: 'assembler' })
		],
		wires(
			['asset', 'media', 's0', 'still'],
			...Array.from({ length: 12 }, (_, n): [string, string, string, string] => [
				`s${n}`,
				'video',
				'film',
				'clips'
			])
		)
	);
	const lay = (layer: Parameters<typeof layers>[0]) => Promise.resolve(layers(layer));

	const apart = (doc: Doc, ids: string[]) => {
		const boxes = ids.map((id) => boxOf(doc, id, sizesOf(doc)));
		return boxes.every((a, i) =>
			boxes.every(
				(b, j) =>
					i === j ||
					a.x + a.width <= b.x ||
					b.x + b.width <= a.x ||
					a.y + a.height <= b.y ||
					b.y + b.height <= a.y
			)
		);
	};

	it('lays out scenes inside, fits their frames, then the board from left to right', async () => {
		const after = apply(film, await tidy(film, film.nodes.keys(), sizesOf(film), lay));
		expect(apart(after, ['asset', 's', 'film'])).toBe(true);
		expect(
			apart(
				after,
				Array.from({ length: 12 }, (_, n) => `s${n}`)
			)
		).toBe(true);
		const [asset, frame, end] = at(after, ['asset', 's', 'film']);
		expect(asset!.x).toBeLessThan(frame!.x);
		expect(frame!.x).toBeLessThan(end!.x);
		const box = boxOf(after, 's', sizesOf(after));
		for (let n = 0; n < 12; n++) {
			const one = boxOf(after, `s${n}`, sizesOf(after));
			expect(
				one.x >= box.x && one.x + one.width <= box.x + box.width && one.y + one.height <= box.y + box.height
			).toBe(true);
		}
	});

	it('leaves pinned cards and what was not asked for alone', async () => {
		const doc = apply(film, [{ op: 'node.set', id: 'asset', name: 'pinned', value: true }]);
		const all = apply(doc, await tidy(doc, doc.nodes.keys(), sizesOf(doc), lay));
		expect(cornerOf(all, 'asset')).toEqual(cornerOf(doc, 'asset'));
		const some = apply(film, await tidy(film, ['s1', 's2'], sizesOf(film), lay));
		expect(cornerOf(some, 's7')).toEqual(cornerOf(film, 's7'));
		expect(apart(some, ['s1', 's2', 's7'])).toBe(true);
	});

	it('folds a long column and keeps the order of the story in it', () => {
		const cards = Array.from({ length: 40 }, (_, n) => ({ id: `c${n}`, width: 100, height: 100 }));
		const spots = layers({
			cards: [...cards, { id: 'end', width: 100, height: 100 }],
			wires: cards.map((one) => [one.id, 'end'])
		});
		const columns = new Set(cards.map((one) => spots[one.id]!.x));
		expect(columns.size).toBeGreaterThan(3);
		expect(spots.c0!.x).toBeLessThan(spots.c39!.x);
		expect(spots.c0!.y).toBeLessThan(spots.c1!.y);
		expect(spots.end!.x).toBeGreaterThan(spots.c39!.x);
	});

	it('puts three shots of one cut in the order of the story, not upside down', () => {
		const cards = ['s010', 's020', 's030', 'cut'].map((id) => ({ id, width: 100, height: 100 }));
		const spots = layers({ cards, wires: cards.slice(0, 3).map((one) => [one.id, 'cut']) });
		expect(spots.s010!.y).toBeLessThan(spots.s020!.y);
		expect(spots.s020!.y).toBeLessThan(spots.s030!.y);
	});
});
