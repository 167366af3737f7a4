import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../api/types.ts';
import { copy, incoming, paste, read } from './clipboard.ts';
import { apply, emptyDoc, wire } from './ops.ts';

const node = (id: string, type: string, x: number, data: Record<string, unknown> = {}): GraphNode => ({
	id,
	type,
	x,
	y: 10,
	parent: null,
	data
});
const wires = [
	wire('s1', 'take', 'cut', 'clips'),
	wire('s2', 'take', 'cut', 'clips'),
	wire('img', 'media', 's1', 'start')
];
const doc = apply(emptyDoc, [
	{ op: 'node.add', node: node('img', 'asset', 0) },
	{
		op: 'node.add',
		node: node('s1', 'shot', 100, {
			scene: '01',
			code: '010',
			prompt: 'fog',
			active_take: 'SHOT-010_v01_take01'
		})
	},
	{ op: 'node.add', node: node('s2', 'shot', 200, { prompt: 'rain' }) },
	{ op: 'node.add', node: node('cut', 'assembler', 300, { order: [wires[1]?.id, wires[0]?.id] }) },
	...wires.map((edge) => ({ op: 'edge.add' as const, edge }))
]);

describe('clipboard', () => {
	it('copies the chosen nodes with the wires between them', () => {
		const clip = copy(doc, ['s1', 's2', 'cut']);
		expect(clip?.nodes.map((one) => one.id)).toEqual(['s1', 's2', 'cut']);
		expect(clip?.edges).toHaveLength(2);
		expect(copy(doc, [])).toBeUndefined();
	});

	it('pastes under fresh ids at the pointer with wires and cut order remapped', () => {
		const clip = read(JSON.stringify(copy(doc, ['s1', 's2', 'cut'])));
		if (!clip) throw new Error('unreadable');
		let count = 0;
		const { operations, ids } = paste(clip, { x: 1000, y: 500 }, () => `new${++count}`);
		const after = apply(doc, operations);
		expect(ids).toEqual(['new1', 'new2', 'new3']);
		expect(after.nodes.get('new1')).toMatchObject({ x: 1000, y: 500, data: { scene: '01', prompt: 'fog' } });
		expect(after.nodes.get('new1')?.data.code).toBeUndefined();
		expect(after.nodes.get('new1')?.data.active_take).toBeUndefined();
		expect(after.nodes.get('new3')?.data.order).toEqual(['new2.take>new3.clips', 'new1.take>new3.clips']);
		expect(after.edges.has('new1.take>new3.clips')).toBe(true);
		expect(after.edges.size).toBe(5);
	});

	it('leaves other clipboard text alone', () => {
		expect(read('hello')).toBeUndefined();
		expect(read('[1,2]')).toBeUndefined();
		expect(read('null')).toBeUndefined();
		expect(read('{"kind":"production-canvas/nodes","nodes":[{"id":1}],"edges":[]}')).toBeUndefined();
	});

	it('brings along the wires that came in from outside, when asked', () => {
		const clip = copy(doc, ['s1', 'cut']);
		if (!clip) throw new Error('nothing copied');
		const { operations, ids } = paste(clip, { x: 0, y: 0 });
		const after = apply(doc, [...operations, ...incoming(doc, clip, ids)]);
		const into = (id: string | undefined) =>
			[...after.edges.values()].filter((edge) => edge.target === id).map((edge) => edge.source);
		expect(into(ids[0])).toEqual(['img']);
		expect(into(ids[1]).sort()).toEqual([ids[0], 's2'].sort());
	});
});
