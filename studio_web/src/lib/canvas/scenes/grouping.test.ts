import { describe, expect, it } from 'vitest';
import { apply, invert, type Doc } from '../../project/ops.ts';
import { group, pulled, reframe, settle, tightFrame, ungroup, withContents } from './grouping.ts';
import { board, scene, shot, sizesOf } from './sketch.ts';
import { cornerOf } from './tree.ts';

const noTakes = () => false;
const places = (doc: Doc, ids: string[]) => ids.map((id) => cornerOf(doc, id));
const nested = board([
	scene('outer', 100, 100, '02', null, { width: 1000, height: 800 }),
	scene('inner', 200, 100, '03', 'outer'),
	shot('a', 40, 60, '03', '010', 'inner'),
	shot('b', 1500, 100, '01', '010'),
	shot('c', 1700, 100, '01', '020')
]);

describe('group', () => {
	it('puts a frame around cards and leaves them where they are', () => {
		const made = group(nested, ['b', 'c'], sizesOf(nested), noTakes, () => 'new')!;
		const after = apply(nested, made.operations);
		expect(after.nodes.get('b')?.parent).toBe('new');
		expect(places(after, ['b', 'c'])).toEqual(places(nested, ['b', 'c']));
		expect(after.nodes.get('new')?.data.scene).toBe('01');
		expect(apply(after, invert(nested, made.operations))).toEqual(nested);
	});

	it('makes the scene inside the one that all of them lie in', () => {
		const made = group(nested, ['a'], sizesOf(nested), noTakes, () => 'new')!;
		expect(apply(nested, made.operations).nodes.get('new')?.parent).toBe('inner');
	});

	it('takes a scene as one card, with what is in it', () => {
		const made = group(nested, ['outer', 'inner', 'a', 'b'], sizesOf(nested), noTakes, () => 'new')!;
		const after = apply(nested, made.operations);
		expect(after.nodes.get('outer')?.parent).toBe('new');
		expect(after.nodes.get('a')?.parent).toBe('inner');
		expect(places(after, ['a', 'b'])).toEqual(places(nested, ['a', 'b']));
	});

	it('gives shots of several scenes a new number, unless they have takes', () => {
		const doc = board([
			shot('a', 0, 0, '01', '010'),
			shot('b', 200, 0, '02', '010'),
			shot('c', 400, 0, '02', '020')
		]);
		const made = group(
			doc,
			['a', 'b', 'c'],
			sizesOf(doc),
			(id) => id === 'c',
			() => 'new'
		)!;
		const after = apply(doc, made.operations);
		const numbers = ['a', 'b', 'c'].map(
			(id) => `${String(after.nodes.get(id)?.data.scene)}-${String(after.nodes.get(id)?.data.code)}`
		);
		expect(numbers).toEqual(['03-010', '03-020', '02-020']);
	});
});

it('a scene that somebody sees collapsed takes its whole room in a new frame', () => {
	const small = (id: string) => (id === 'outer' ? { width: 336, height: 142 } : sizesOf(nested)(id));
	const made = group(nested, ['outer'], small, noTakes, () => 'new')!;
	const after = apply(nested, made.operations);
	expect(after.nodes.get('new')?.data).toMatchObject({ width: 1000 + 56, height: 800 + 44 + 42 });
	expect(tightFrame(after, 'new', small)).toMatchObject({ width: 1056 });
});

describe('ungroup', () => {
	it('leaves the cards where they are, nested frames too', () => {
		const after = apply(nested, ungroup(nested, ['outer', 'inner']));
		expect(places(after, ['a'])).toEqual(places(nested, ['a']));
		expect(after.nodes.get('a')?.parent).toBeNull();
		expect(after.nodes.has('inner')).toBe(false);
	});

	it('comes back whole', () => {
		const operations = ungroup(nested, ['inner']);
		expect(apply(apply(nested, operations), invert(nested, operations))).toEqual(nested);
	});
});

describe('settle', () => {
	it('takes a card into the innermost scene under its middle, with place, parent and number', () => {
		const operations = settle(
			nested,
			[{ op: 'node.move', id: 'b', x: 450, y: 400 }],
			sizesOf(nested),
			noTakes
		);
		const after = apply(nested, operations);
		expect(after.nodes.get('b')?.parent).toBe('inner');
		expect(places(after, ['b'])).toEqual([{ x: 450, y: 400 }]);
		expect(after.nodes.get('b')?.data).toMatchObject({ scene: '03', code: '020' });
	});

	it('lets it out again', () => {
		const operations = settle(
			nested,
			[{ op: 'node.move', id: 'a', x: 3000, y: 60 }],
			sizesOf(nested),
			noTakes
		);
		expect(operations).toEqual([{ op: 'node.move', id: 'a', x: 3300, y: 260, parent: null }]);
	});

	it('leaves a move inside a scene as it is', () => {
		const move = { op: 'node.move', id: 'a', x: 80, y: 90 } as const;
		expect(settle(nested, [move], sizesOf(nested), noTakes)).toEqual([move]);
	});

	it('never puts a scene into what lies in it', () => {
		const move = { op: 'node.move', id: 'outer', x: 150, y: 120 } as const;
		expect(settle(nested, [move], sizesOf(nested), noTakes)).toEqual([move]);
	});

	it('grows the frames around the one that grew, so that nothing sticks out of any', () => {
		const tight = apply(nested, [{ op: 'node.set', id: 'outer', name: 'width', value: 810 }]);
		const moves = settle(tight, [{ op: 'node.move', id: 'b', x: 840, y: 300 }], sizesOf(tight), noTakes);
		const after = apply(tight, moves);
		const inner = after.nodes.get('inner')!;
		expect(after.nodes.get('b')?.parent).toBe('inner');
		expect(inner.data.width).toBe(840 - 300 + 100 + 14);
		expect(after.nodes.get('outer')?.data.width).toBe(inner.x + 654 + 14);
	});

	it('grows the frame for a card that sticks out', () => {
		const operations = settle(
			nested,
			[{ op: 'node.move', id: 'b', x: 840, y: 300 }],
			sizesOf(nested),
			noTakes
		);
		const after = apply(nested, operations);
		expect(after.nodes.get('inner')?.data.width).toBeGreaterThan(600);
	});
});

it('lists what lies in scenes before the scenes, so that undo brings scenes first', () => {
	expect(withContents(nested, ['outer', 'c'])).toEqual(['a', 'inner', 'outer', 'c']);
});

describe('a frame', () => {
	it('is pulled by its left edge without moving its cards', () => {
		const after = apply(nested, reframe(nested, 'inner', { x: -50, y: 0, width: 650, height: 400 }));
		expect(places(after, ['a'])).toEqual(places(nested, ['a']));
		expect(after.nodes.get('inner')).toMatchObject({ x: 150, data: { width: 650 } });
	});

	it('never gets smaller than its cards', () => {
		const need = tightFrame(nested, 'inner', sizesOf(nested));
		const frame = pulled({ width: 600, height: 400 }, 'se', -590, -390, need);
		expect(frame.width).toBeGreaterThanOrEqual(40 + 100);
		expect(frame.height).toBeGreaterThanOrEqual(60 + 100);
		expect(pulled({ width: 600, height: 400 }, 'nw', 500, 500, need).x).toBeLessThanOrEqual(40);
	});
});
