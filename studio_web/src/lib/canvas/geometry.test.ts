import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../api/types.ts';
import { index } from '../catalog/fixture.ts';
import { resolve } from '../catalog/resolve.ts';
import { apply, emptyDoc } from '../project/ops.ts';
import { layoutOf, pictureHeight } from './geometry.ts';

const node = (type: string, data: Record<string, unknown> = {}): GraphNode => ({
	id: 'n',
	type,
	x: 0,
	y: 0,
	parent: null,
	data
});
const laid = (one: GraphNode, aspect = 16 / 9, cuts = 0) =>
	layoutOf(resolve(apply(emptyDoc, [{ op: 'node.add', node: one }]), one, index), aspect, cuts);

describe('layoutOf', () => {
	it('puts sockets below each other, inputs left and outputs right, inside the card', () => {
		const { spots, socketsTop, socketsHeight, height } = laid(node('shot'));
		const inputs = spots.filter((spot) => spot.side === 'target').map((spot) => spot.y);
		expect(inputs).toHaveLength(3);
		expect(inputs[1]).toBeGreaterThan(inputs[0] ?? 0);
		for (const { y } of spots) {
			expect(y).toBeGreaterThan(socketsTop);
			expect(y).toBeLessThan(socketsTop + socketsHeight);
		}
		expect(height).toBeGreaterThan(socketsTop + socketsHeight);
	});

	it('grows with the cut, up to a point', () => {
		const heights = [1, 3, 7, 40].map((cuts) => laid(node('assembler'), 16 / 9, cuts).height);
		expect(heights[1]).toBeGreaterThan(heights[0] ?? 0);
		expect(heights[3]).toBe(heights[2]);
	});

	it('keeps unknown nodes as small cards without sockets', () => {
		expect(laid(node('from-the-future'))).toMatchObject({ surface: 'unknown', spots: [], picture: 0 });
	});

	it('never makes a picture a tower or a slit', () => {
		expect(pictureHeight(288, 16 / 9)).toBe(162);
		expect(pictureHeight(288, 9 / 16)).toBe(216);
		expect(pictureHeight(288, 8)).toBe(108);
	});
});
