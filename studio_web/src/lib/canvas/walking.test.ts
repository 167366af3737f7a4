import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../api/types.ts';
import { wire, type Doc } from '../project/ops.ts';
import { alongWires, beside, nearest, neighbour, type Standing } from './walking.ts';

const card = (id: string, x: number, y: number): Standing => ({ id, x, y, width: 100, height: 100 });
const board = [card('a', 0, 0), card('b', 200, 10), card('c', 400, 300), card('d', 0, 300)];
const from = (id: string) => board.find((one) => one.id === id)!;

describe('walking the board', () => {
	it.each([
		['a', 'right', 'b'],
		['b', 'left', 'a'],
		['b', 'right', 'c'],
		['a', 'down', 'd'],
		['c', 'up', 'b'],
		['c', 'left', 'd'],
		['a', 'left', undefined],
		['a', 'up', undefined]
	] as const)('from %s to the %s', (id, way, to) => {
		expect(neighbour(board, from(id), way)?.id).toBe(to);
	});

	it('begins at the card nearest to a spot', () => {
		expect(nearest(board, { x: 420, y: 360 })?.id).toBe('c');
		expect(nearest([], { x: 0, y: 0 })).toBeUndefined();
	});
});

describe('walking along wires', () => {
	const node = (id: string, y: number): GraphNode => ({ id, type: 'shot', x: 0, y, parent: null, data: {} });
	const edges = [
		wire('low', 'out', 'cut', 'clips'),
		wire('high', 'out', 'cut', 'clips'),
		wire('still', 'out', 'high', 'still')
	];
	const doc: Doc = {
		nodes: new Map(
			[node('low', 500), node('high', 0), node('cut', 100), node('still', 0)].map((one) => [one.id, one])
		),
		edges: new Map(edges.map((edge) => [edge.id, edge]))
	};

	it('goes up and down the stream, the uppermost first', () => {
		expect(alongWires(doc, 'cut', 'upstream')).toEqual(['high', 'low']);
		expect(alongWires(doc, 'still', 'downstream')).toEqual(['high']);
		expect(alongWires(doc, 'cut', 'downstream')).toEqual([]);
	});

	it('goes through the cards beside it on the same wires', () => {
		expect(beside(doc, 'high', 1)).toBe('low');
		expect(beside(doc, 'low', 1)).toBeUndefined();
		expect(beside(doc, 'low', -1)).toBe('high');
		expect(beside(doc, 'cut', 1)).toBeUndefined();
	});
});
