import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { index } from '../catalog/fixture.ts';
import { apply, emptyDoc } from './ops.ts';
import { Deck } from '../canvas/deck.ts';
import { nudge } from '../canvas/edits.ts';
import { heldBy, holdersOf, parentsFirst } from './nesting.ts';

const add = (id: string, x: number, y: number, parent: string | null = null): Operation => ({
	op: 'node.add',
	node: { id, type: 'shot', x, y, parent, data: {} } satisfies GraphNode
});
const doc = apply(emptyDoc, [
	add('inner', 20, 30, 'outer'),
	add('shot', 5, 6, 'inner'),
	add('lost', 7, 7, 'gone'),
	add('outer', 100, 200)
]);
const order = (nodes: Iterable<GraphNode>) => [...nodes].map((node) => node.id);

describe('cards in scenes', () => {
	it('are dealt after the scene they lie in', () => {
		expect(order(parentsFirst(doc))).toEqual(['outer', 'inner', 'shot', 'lost']);
		expect(new Deck().deal(doc, index, 16 / 9).cards.map((card) => [card.id, card.parentId])).toEqual([
			['outer', undefined],
			['inner', 'outer'],
			['shot', 'inner'],
			['lost', undefined]
		]);
	});

	it('have a place on the board itself, which follows a scene that is dragged', () => {
		const deck = new Deck();
		const { cards } = deck.deal(doc, index, 16 / 9);
		expect(deck.box('shot')).toMatchObject({ x: 125, y: 236 });
		expect(deck.box('lost')).toMatchObject({ x: 7, y: 7 });
		deck.moved(
			cards.map((card) =>
				card.id === 'outer' ? { ...card, dragging: true, position: { x: 0, y: 0 } } : card
			)
		);
		expect(deck.box('shot')).toMatchObject({ x: 25, y: 36 });
	});

	it('come out when their scene goes', () => {
		const deck = new Deck();
		deck.deal(doc, index, 16 / 9);
		const nodes = new Map([...doc.nodes].filter(([id]) => id !== 'outer'));
		const { cards } = deck.deal({ ...doc, nodes }, index, 16 / 9);
		expect(cards.find((card) => card.id === 'inner')?.parentId).toBeUndefined();
	});

	it('never hang in a loop', () => {
		const knot = apply(emptyDoc, [add('a', 0, 0, 'b'), add('b', 0, 0, 'a'), add('c', 1, 1, 'c')]);
		expect(order(parentsFirst(knot))).toEqual(['a', 'b', 'c']);
		expect(new Deck().deal(knot, index, 16 / 9).cards.some((card) => card.parentId)).toBe(false);
		expect(heldBy(knot, 'a')).toEqual([]);
	});

	it('know who holds them', () => {
		const shot = doc.nodes.get('shot');
		expect(shot && order(holdersOf(doc, shot))).toEqual(['inner', 'outer']);
		expect(order(heldBy(doc, 'outer'))).toEqual(['inner', 'shot']);
	});

	it('move once when they are nudged together with their scene', () => {
		expect(nudge(doc, ['outer', 'shot', 'lost'], 10, 0).map((move) => 'id' in move && move.id)).toEqual([
			'outer',
			'lost'
		]);
	});
});
