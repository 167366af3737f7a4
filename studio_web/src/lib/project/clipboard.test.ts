import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { copy, read } from './clipboard.ts';
import { incoming, missingFiles, paste, refilled } from './pasting.ts';
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

/** What a paste writes, and the ids of the cards it makes. */
const pasted = (...given: Parameters<typeof paste>): { operations: Operation[]; ids: string[] } => {
	const { nodes, wires } = paste(...given);
	const add = nodes.map((node): Operation => ({ op: 'node.add', node }));
	return { operations: [...add, ...wires], ids: nodes.map((node) => node.id) };
};

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
		const { operations, ids } = pasted(clip, { x: 1000, y: 500 }, () => `new${++count}`);
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
		const { operations, ids } = pasted(clip, { x: 0, y: 0 });
		const after = apply(doc, [...operations, ...incoming(doc, clip, ids)]);
		const into = (id: string | undefined) =>
			[...after.edges.values()].filter((edge) => edge.target === id).map((edge) => edge.source);
		expect(into(ids[0])).toEqual(['img']);
		expect(into(ids[1]).sort()).toEqual([ids[0], 's2'].sort());
	});

	it('takes a scene with all that lies in it, and leaves the cards where they are in it', () => {
		const scene = (id: string, parent: string | null, data = {}): GraphNode => ({
			...node(id, 'scene', 50, data),
			parent
		});
		const nested = apply(emptyDoc, [
			{ op: 'node.add', node: scene('outer', null) },
			{ op: 'node.add', node: scene('inner', 'outer') },
			{ op: 'node.add', node: { ...node('card', 'note', 7), parent: 'inner' } },
			{ op: 'node.add', node: { ...node('other', 'note', 9), parent: 'outer' } }
		]);
		const whole = copy(nested, ['inner']);
		expect(whole?.nodes.map((one) => [one.id, one.parent, one.x])).toEqual([
			['inner', null, 100],
			['card', 'inner', 7]
		]);
		expect(whole?.home).toBe('outer');
		if (!whole) throw new Error('nothing copied');
		const made = pasted(whole, { x: 136, y: 56 });
		const after = apply(nested, made.operations);
		expect(after.nodes.get(made.ids[0] ?? '')).toMatchObject({ x: 136, y: 56, parent: null });
		expect(after.nodes.get(made.ids[1] ?? '')).toMatchObject({ x: 7, parent: made.ids[0] });
	});

	it('a copy of a linked scene is on its own; two copied together are linked to each other', () => {
		const scene = (id: string): GraphNode => node(id, 'scene', 0, { link: 'L' });
		const card = (id: string, parent: string): GraphNode => ({
			...node(id, 'shot', 0, { link: 'c' }),
			parent
		});
		const linked = apply(
			emptyDoc,
			[scene('a'), scene('b'), card('a1', 'a'), card('b1', 'b')].map((one) => ({ op: 'node.add', node: one }))
		);
		const links = (ids: string[]) => {
			const clip = copy(linked, ids);
			if (!clip) throw new Error('nothing copied');
			const made = pasted(clip, { x: 0, y: 0 });
			return made.operations.map((one) => (one.op === 'node.add' ? one.node.data.link : null));
		};
		expect(links(['a'])).toEqual([undefined, undefined]);
		const [one, two, ...cards] = links(['a', 'b']);
		expect(one).toBe(two);
		expect(one).not.toBe('L');
		expect(cards).toEqual(['c', 'c']);
	});

	it('what was said of takes stays with the takes', () => {
		const marked = apply(emptyDoc, [
			{
				op: 'node.add',
				node: node('s', 'shot', 0, {
					'star:T1': true,
					'reject:T2': 'soft',
					'in:T1': 4,
					'out:T1': 9,
					muted: true
				})
			}
		]);
		const clip = copy(marked, ['s']);
		const made = clip && pasted(clip, { x: 0, y: 0 });
		expect(made?.operations).toMatchObject([{ node: { data: { muted: true } } }]);
		expect(Object.keys(made?.operations[0]?.op === 'node.add' ? made.operations[0].node.data : {})).toEqual([
			'muted'
		]);
	});

	it('knows which files are missing where it is pasted, and gives the cards those that were brought over', () => {
		const cards = apply(emptyDoc, [
			{ op: 'node.add', node: node('a', 'asset', 0, { asset: 'f1' }) },
			{ op: 'node.add', node: node('b', 'asset', 0, { asset: 'f2' }) },
			{ op: 'node.add', node: node('c', 'audio', 0, { asset: 'f1' }) }
		]);
		const files = new Map([['f1', { title: 'harbour', kind: 'image', size: 5 }]]);
		const clip = read(JSON.stringify(copy(cards, ['a', 'b', 'c'], 'p1', files)));
		expect(clip).toMatchObject({ project: 'p1', files: { f1: { title: 'harbour', kind: 'image' } } });
		expect(clip && missingFiles(clip, (id) => id === 'f2')).toEqual([
			{ id: 'f1', title: 'harbour', kind: 'image' }
		]);
		expect(
			refilled(cards, ['a', 'b', 'c'], new Map([['f1', 'new']])).map((one) => 'id' in one && one.id)
		).toEqual(['a', 'c']);
	});
});
