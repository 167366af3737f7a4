import { describe, expect, it } from 'vitest';
import { FIT, firstCompared, held, zoomed } from './compared.ts';
import { node, take } from './fixture.ts';

const takes = [1, 2, 3, 4, 5, 6].map((number) => take(number));
const named = (at: number) => takes[at - 1]?.name ?? '';

describe('what is compared at first', () => {
	it('is the active take of a shot and the one before it', () => {
		const card = { node: node('s'), takes, shown: takes[5] };
		expect(firstCompared([card]).map((one) => one.take)).toEqual([named(6), named(5)]);
	});

	it('is the active take and the keepers, four at most', () => {
		const data = Object.fromEntries([1, 2, 3, 4].map((at) => [`star:${named(at)}`, true]));
		const card = { node: node('s', data), takes, shown: takes[5] };
		expect(firstCompared([card]).map((one) => one.take)).toEqual([named(6), named(4), named(3), named(2)]);
	});

	it('passes over what was rejected while there is something else', () => {
		const card = { node: node('s', { [`reject:${named(5)}`]: 'Flicker' }), takes, shown: takes[5] };
		expect(firstCompared([card]).map((one) => one.take)).toEqual([named(6), named(4)]);
	});

	it('is the take of each of several shots', () => {
		const cards = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ node: node(id), takes, shown: takes[0] }));
		expect(firstCompared([{ node: node('none'), takes: [], shown: undefined }, ...cards])).toEqual(
			['a', 'b', 'c', 'd'].map((id) => ({ node: id, take: named(1) }))
		);
		expect(firstCompared([])).toEqual([]);
	});
});

describe('zooming', () => {
	it('keeps the point under the pointer where it is', () => {
		const at = { x: 0.3, y: -0.2 };
		const once = zoomed(FIT, 2, at);
		// A point p of the picture is seen at x + p * scale: what was under the pointer still is.
		expect(once.x + 0.3 * once.scale).toBeCloseTo(0.3);
		expect(once.y - 0.2 * once.scale).toBeCloseTo(-0.2);
		expect(zoomed(once, 0.1, at)).toEqual(FIT);
	});

	it('never loses the picture', () => {
		const far = held({ scale: 2, x: 9, y: -9 });
		expect(far).toEqual({ scale: 2, x: 0.5, y: -0.5 });
	});
});
