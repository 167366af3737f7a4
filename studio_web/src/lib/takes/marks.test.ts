import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../api/types.ts';
import { apply, type Doc } from '../project/ops.ts';
import { node, take } from './fixture.ts';
import { isKeeper, listed, mark, nextTake, rangeOf, reject, star, tally, turnedDown } from './marks.ts';

const takes = [take(1), take(2), take(3), take(4)];
const names = takes.map((one) => one.name);
const [first = '', second = '', third = '', fourth = ''] = names;

const docOf = (...nodes: GraphNode[]): Doc => ({
	nodes: new Map(nodes.map((one) => [one.id, one])),
	edges: new Map()
});
const dataIn = (doc: Doc, id = 'a') => doc.nodes.get(id)?.data ?? {};

describe('keepers', () => {
	it('are starred together, and unstarred only when all are', () => {
		let doc = docOf(node('a', { [`star:${first}`]: true }), node('b'));
		const both = [
			{ node: 'a', take: first },
			{ node: 'b', take: second }
		];
		const on = star(doc.nodes, both);
		expect(on.on).toBe(true);
		expect(on.operations).toHaveLength(1);
		doc = apply(doc, on.operations);
		expect(isKeeper(dataIn(doc, 'b'), second)).toBe(true);
		const off = star(doc.nodes, both);
		expect(off.on).toBe(false);
		doc = apply(doc, off.operations);
		expect(isKeeper(dataIn(doc), first)).toBe(false);
		expect(dataIn(doc)).not.toHaveProperty(`star:${first}`);
	});

	it('and takes turned down exclude each other', () => {
		let doc = docOf(node('a'));
		const one = [{ node: 'a', take: first }];
		doc = apply(doc, star(doc.nodes, one).operations);
		doc = apply(doc, reject(doc.nodes, one, '  Soft focus '));
		expect(turnedDown(dataIn(doc), first)).toBe('Soft focus');
		expect(isKeeper(dataIn(doc), first)).toBe(false);
		doc = apply(doc, star(doc.nodes, one).operations);
		expect(turnedDown(dataIn(doc), first)).toBeUndefined();
	});

	it('of cards that are gone change nothing', () => {
		expect(star(docOf().nodes, [{ node: 'gone', take: first }]).operations).toEqual([]);
		expect(reject(docOf().nodes, [{ node: 'gone', take: first }], 'Bad')).toEqual([]);
	});
});

describe('the list', () => {
	const data = { [`star:${second}`]: true, [`reject:${fourth}`]: 'Flicker', [`reject:${first}`]: '' };

	it('has the newest first and what was turned down last', () => {
		expect(listed(data, takes).map((one) => one.name)).toEqual([third, second, first, fourth]);
		expect(listed(data, takes, 'keepers').map((one) => one.name)).toEqual([second]);
		expect(listed(data, takes, 'standing').map((one) => one.name)).toEqual([third, second, first]);
		expect(tally(data, takes)).toEqual({ takes: 4, keepers: 1, rejected: 1 });
	});

	it('is stepped through without what was turned down', () => {
		const skip = { [`reject:${second}`]: 'Flicker' };
		expect(nextTake(skip, takes, first, 1)?.name).toBe(third);
		expect(nextTake(skip, takes, third, -1)?.name).toBe(first);
		expect(nextTake(skip, takes, fourth, 1)).toBeUndefined();
		// One that was turned down may be the active one: stepping leads away from it.
		expect(nextTake(skip, takes, second, 1)?.name).toBe(third);
		expect(nextTake({}, takes, undefined, -1)?.name).toBe(third);
	});
});

describe('in and out', () => {
	it('hold what is shown, inside the take', () => {
		expect(rangeOf({}, first, 96)).toBeUndefined();
		expect(rangeOf({ [`in:${first}`]: 10 }, first, 96)).toEqual({ in: 10, out: 96 });
		expect(rangeOf({ [`in:${first}`]: 10, [`out:${first}`]: 300 }, first, 96)).toEqual({ in: 10, out: 96 });
		expect(rangeOf({ [`in:${first}`]: 500 }, first, 96)).toEqual({ in: 95, out: 96 });
	});

	it('that nobody could mean count as none', () => {
		expect(rangeOf({ [`in:${first}`]: 40, [`out:${first}`]: 40 }, first, 96)).toBeUndefined();
		expect(rangeOf({ [`in:${first}`]: '12', [`out:${first}`]: -3 }, first, 96)).toBeUndefined();
		expect(rangeOf({ [`in:${first}`]: 3 }, first, 0)).toBeUndefined();
	});

	it('are set on frames that are shown', () => {
		let doc = docOf(node('a'));
		const at = () => doc.nodes.get('a') ?? node('a');
		doc = apply(doc, mark(at(), first, 'in', 10, 96));
		doc = apply(doc, mark(at(), first, 'out', 40, 96));
		expect(rangeOf(dataIn(doc), first, 96)).toEqual({ in: 10, out: 41 });
		// Past the other one: that one goes.
		doc = apply(doc, mark(at(), first, 'in', 60, 96));
		expect(rangeOf(dataIn(doc), first, 96)).toEqual({ in: 60, out: 96 });
		doc = apply(doc, mark(at(), first, 'out', 20, 96));
		expect(rangeOf(dataIn(doc), first, 96)).toEqual({ in: 0, out: 21 });
		// The last frame as the end, and no mark at all, are the same thing.
		doc = apply(doc, mark(at(), first, 'out', 95, 96));
		expect(dataIn(doc)).toEqual({});
		expect(mark(at(), first, 'out', null, 96)).toEqual([]);
	});
});
