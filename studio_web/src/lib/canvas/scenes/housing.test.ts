import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../../api/types.ts';
import { apply, type Doc } from '../../project/ops.ts';
import { housed, type Housed } from './housing.ts';
import { board, card, scene, shot, sizesOf } from './sketch.ts';
import { cornerOf } from './tree.ts';

const nested = board([
	scene('outer', 100, 100, '02', null, { width: 1000, height: 800 }),
	scene('inner', 200, 100, '03', 'outer'),
	shot('a', 40, 60, '03', '010', 'inner')
]);
const sizes = sizesOf(nested);

const after = (doc: Doc, { nodes, grow }: Housed): Doc =>
	apply(doc, [...nodes.map((node): Operation => ({ op: 'node.add', node })), ...grow]);

describe('new cards in a scene', () => {
	it('lie where they were put, with its number', () => {
		const put = housed(nested, [card('new', 420, 400, { data: { scene: '01' } })], 'inner', { sizes });
		expect(put).toEqual({
			nodes: [expect.objectContaining({ parent: 'inner', x: 120, y: 200, data: { scene: '03' } })],
			grow: []
		});
	});

	it('stay on the board where there is no scene', () => {
		const far = card('far', 5000, 0);
		expect(housed(nested, [far], null, { sizes })).toEqual({ nodes: [far], grow: [] });
		expect(housed(nested, [far], 'gone', { sizes }).nodes[0]?.parent).toBeNull();
	});

	it('are kept clear of the title as a block, and keep their order among each other', () => {
		const put = housed(nested, [card('x', 290, 190), card('y', 410, 190)], 'inner', { sizes });
		const [x, y] = put.nodes as [GraphNode, GraphNode];
		expect(x.y).toBeGreaterThanOrEqual(44);
		expect([y.x - x.x, y.y - x.y]).toEqual([120, 0]);
	});

	it('make the frame larger, and the frames around it', () => {
		const doc = after(nested, housed(nested, [card('new', 1500, 1200)], 'inner', { sizes }));
		for (const [id, held] of [
			['inner', 'new'],
			['outer', 'inner']
		] as const) {
			const corner = cornerOf(doc, id);
			const inside = cornerOf(doc, held);
			const size = sizesOf(doc)(held);
			const frame = doc.nodes.get(id)!.data as { width: number; height: number };
			expect(corner.x + frame.width).toBeGreaterThanOrEqual(inside.x + size.width);
			expect(corner.y + frame.height).toBeGreaterThanOrEqual(inside.y + size.height);
		}
	});

	it('go below what is there where the scene is collapsed', () => {
		const put = housed(nested, [card('new', 310, 210)], 'inner', { sizes, folded: (id) => id === 'inner' });
		expect(put.nodes[0]).toMatchObject({ parent: 'inner', x: 28, y: 60 + 100 + 28 });
	});

	it('bring what lies in them along, untouched', () => {
		const pair = [
			scene('s', 400, 300, '07', null, { width: 300, height: 200 }),
			shot('t', 30, 60, '07', '010', 's')
		];
		const put = housed(nested, pair, 'inner', {
			sizes: (id) => (id === 's' ? { width: 300, height: 200 } : sizes(id))
		});
		expect(put.nodes[0]).toMatchObject({ parent: 'inner', data: { scene: '07' } });
		expect(put.nodes[1]).toBe(pair[1]);
	});
});
