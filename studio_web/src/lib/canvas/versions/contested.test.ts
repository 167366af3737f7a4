import { expect, it } from 'vitest';
import type { GraphNode, Side } from '../../api/types.ts';
import { wire, type Doc } from '../../project/ops.ts';
import { isOpen, onBoard, ops } from './contested.ts';

const card = (id: string, data: GraphNode['data'] = {}): GraphNode => ({
	id,
	type: 'shot',
	x: 0,
	y: 0,
	parent: null,
	data
});
const doc = (prompt: string | null, from: string[] = []): Doc => ({
	nodes: new Map(
		[card('s', prompt === null ? {} : { prompt }), card('a'), card('b')].map((one) => [one.id, one])
	),
	edges: new Map(from.map((one) => wire(one, 'media', 's', 'still')).map((one) => [one.id, one]))
});
const base: Side = {
	key: 's/prompt',
	node_id: 's',
	what: 'field',
	name: 'prompt',
	who: 'both',
	base: null,
	mine: 'Night',
	theirs: 'Fog'
};
const wires: Side = {
	...base,
	key: 's/>still',
	what: 'wires',
	name: 'still',
	base: ['a.media'],
	mine: [],
	theirs: ['b.media']
};

it('says which of the three is on the board', () => {
	expect([doc('Fog'), doc('Night'), doc(null), doc('Ice')].map((one) => onBoard(one, base))).toEqual([
		'theirs',
		'mine',
		'base',
		undefined
	]);
	expect([doc('', ['b']), doc(''), doc('', ['a'])].map((one) => onBoard(one, wires))).toEqual([
		'theirs',
		'mine',
		'base'
	]);
});

it('brings another one onto the board, and nothing where it is there', () => {
	expect(ops(doc('Fog'), base, 'theirs')).toEqual([]);
	expect(ops(doc('Fog'), base, 'mine')).toEqual([
		{ op: 'node.set', id: 's', name: 'prompt', value: 'Night' }
	]);
	expect(ops(doc('Fog'), base, 'base')).toEqual([{ op: 'node.set', id: 's', name: 'prompt', value: null }]);
	expect(ops(doc('', ['b']), wires, 'mine')).toEqual([{ op: 'edge.remove', id: 'b.media>s.still' }]);
	expect(ops(doc('', ['b']), wires, 'base').map((one) => one.op)).toEqual(['edge.remove', 'edge.add']);
});

it('decides nothing about a card that is gone', () => {
	expect(isOpen(doc('Fog'), { ...base, node_id: 'gone' })).toBe(false);
	expect(ops(doc('Fog'), { ...base, what: 'card', name: '' }, 'mine')).toEqual([]);
});
