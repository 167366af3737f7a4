import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { apply, compact, docOf, emptyDoc, invert, newNodeId, same, wire, type Doc } from './ops.ts';
import { dice, randomOperations } from './fuzz.ts';

const shot = (id: string, data: Record<string, unknown> = {}): GraphNode => ({
	id,
	type: 'shot',
	x: 0,
	y: 0,
	parent: null,
	data
});
const board = (...operations: Operation[]) => apply(emptyDoc, operations);
const two = board(
	{ op: 'node.add', node: shot('a', { prompt: 'fog' }) },
	{ op: 'node.add', node: shot('b') }
);

export function plain(doc: Doc) {
	return {
		nodes: Object.fromEntries([...doc.nodes].sort()),
		edges: Object.fromEntries([...doc.edges].sort())
	};
}

describe('apply', () => {
	it('removes a node together with its wires', () => {
		const wired = apply(two, [{ op: 'edge.add', edge: wire('a', 'take', 'b', 'start') }]);
		const after = apply(wired, [{ op: 'node.remove', id: 'a' }]);
		expect(after.edges.size).toBe(0);
		expect([...after.nodes.keys()]).toEqual(['b']);
	});

	it('skips what no longer makes sense and keeps the document itself', () => {
		const skipped: Operation[] = [
			{ op: 'node.move', id: 'x', x: 1, y: 1 },
			{ op: 'node.set', id: 'x', name: 'prompt', value: '' },
			{ op: 'node.remove', id: 'x' },
			{ op: 'edge.add', edge: wire('x', 'take', 'b', 'start') },
			{ op: 'edge.remove', id: 'no' }
		];
		expect(apply(two, skipped)).toBe(two);
	});

	it('removes a field that is set to null and leaves the parent alone when a move does not name it', () => {
		const grouped = apply(two, [{ op: 'node.move', id: 'a', x: 1, y: 2, parent: 'b' }]);
		const after = apply(grouped, [
			{ op: 'node.move', id: 'a', x: 3, y: 4 },
			{ op: 'node.set', id: 'a', name: 'prompt', value: null }
		]);
		expect(after.nodes.get('a')).toEqual({ ...shot('a'), x: 3, y: 4, parent: 'b' });
		expect(
			apply(after, [{ op: 'node.move', id: 'a', x: 0, y: 0, parent: null }]).nodes.get('a')?.parent
		).toBeNull();
	});

	it('keeps untouched nodes identical', () => {
		const after = apply(two, [{ op: 'node.move', id: 'a', x: 9, y: 9 }]);
		expect(after.nodes.get('b')).toBe(two.nodes.get('b'));
		expect(after.edges).toBe(two.edges);
	});
});

describe('invert', () => {
	it('undoes any sequence (fuzz)', () => {
		const rnd = dice(7);
		for (let round = 0; round < 400; round++) {
			const doc = apply(emptyDoc, randomOperations(rnd, 12));
			const operations = randomOperations(rnd, 10);
			const back = apply(apply(doc, operations), invert(doc, operations));
			expect(plain(back)).toEqual(plain(doc));
		}
	});
});

describe('compact', () => {
	it('keeps the last write of a field and leaves other verbs alone', () => {
		const typed: Operation[] = ['f', 'fo', 'fog'].map((value) => ({
			op: 'node.set',
			id: 'a',
			name: 'prompt',
			value
		}));
		expect(compact(typed)).toEqual([typed[2]]);
		const mixed: Operation[] = [...typed, { op: 'node.remove', id: 'a' }];
		expect(compact(mixed)).toEqual(mixed);
	});
});

describe('ids and equality', () => {
	it('makes node ids the server accepts', () => {
		const ids = Array.from({ length: 200 }, newNodeId);
		expect(new Set(ids).size).toBe(200);
		expect(ids.every((id) => /^n_[A-Za-z0-9]{12}$/.test(id))).toBe(true);
	});

	it('compares JSON without minding the order of keys', () => {
		expect(same({ a: [1, { b: null }], c: 2 }, { c: 2, a: [1, { b: null }] })).toBe(true);
		expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(false);
		expect(same([], {})).toBe(false);
	});

	it('reads a graph from the wire', () => {
		const edge = wire('a', 'take', 'b', 'start');
		expect(edge.id).toBe('a.take>b.start');
		const doc = docOf({ nodes: { a: shot('a') }, edges: { [edge.id]: edge } });
		expect(doc.nodes.get('a')?.type).toBe('shot');
	});
});
