import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { index } from '../catalog/fixture.ts';
import { apply, emptyDoc, wire, type Doc } from '../project/ops.ts';
import { Deck, idSet, type Card } from './deck.ts';

const add = (id: string, type: string, data: Record<string, unknown> = {}): Operation => ({
	op: 'node.add',
	node: { id, type, x: 0, y: 0, parent: null, data } satisfies GraphNode
});
const join = (from: string, out: string, to: string, into: string): Operation => ({
	op: 'edge.add',
	edge: wire(from, out, to, into)
});
const base = apply(emptyDoc, [
	add('img', 'asset', { kind: 'image', name: 'harbour' }),
	add('s1', 'shot', { code: '010' }),
	add('s2', 'shot', { code: '020' }),
	add('pipe', 'pipeline', { pipeline: 'restyle' }),
	join('img', 'media', 's1', 'still')
]);

function dealt(doc: Doc = base) {
	const deck = new Deck();
	return { deck, ...deck.deal(doc, index, 16 / 9) };
}

describe('Deck', () => {
	it('declares size and sockets, so that nothing must be measured', () => {
		const card = dealt().cards.find((one) => one.id === 's1');
		expect(card?.measured?.height).toBe(card?.data.layout.height);
		expect(card?.handles?.map((handle) => handle.id)).toEqual(['pipeline', 'still', 'voice', 'video']);
		expect(card).toMatchObject({ type: 'shot', ariaLabel: 'Shot 010', ariaRole: 'region' });
	});

	it('rebuilds one card for one foreign edit', () => {
		const { deck, cards } = dealt();
		const before = deck.rebuilt;
		const after = deck.deal(
			apply(base, [{ op: 'node.set', id: 's2', name: 'prompt', value: 'fog' }]),
			index,
			16 / 9
		);
		expect(deck.rebuilt - before).toBe(1);
		expect(after.cards.find((one) => one.id === 's1')).toBe(cards.find((one) => one.id === 's1'));
	});

	it('rebuilds a shot whose pipeline changes by wire, and shows its lost wire as broken', () => {
		const { deck, wires } = dealt();
		expect(wires[0]?.data).toEqual({ carries: 'Image', broken: false, reason: '', dim: false });
		const after = deck.deal(apply(base, [join('pipe', 'pipeline', 's1', 'pipeline')]), index, 16 / 9);
		expect(after.cards.find((one) => one.id === 's1')?.handles?.map((handle) => handle.id)).toContain('clip');
		expect(after.wires.find((one) => one.targetHandle === 'still')?.data).toMatchObject({
			broken: true,
			reason: 'There is no such socket'
		});
	});

	it('turns a finished move into whole pixels and leaves a running one alone', () => {
		const { deck, cards } = dealt();
		const moved = (dragging: boolean): Card[] =>
			cards.map((card) => (card.id === 's1' ? { ...card, dragging, position: { x: 40.4, y: 9.6 } } : card));
		expect(deck.moved(moved(true))).toEqual([]);
		expect(deck.moved(moved(false))).toEqual([{ op: 'node.move', id: 's1', x: 40, y: 10 }]);
	});

	it('keeps a card under the pointer while its node changes elsewhere', () => {
		const { deck, cards } = dealt();
		deck.moved(
			cards.map((card) => (card.id === 's1' ? { ...card, dragging: true, position: { x: 99, y: 99 } } : card))
		);
		const after = deck.deal(
			apply(base, [{ op: 'node.set', id: 's1', name: 'prompt', value: 'x' }]),
			index,
			16 / 9
		);
		expect(after.cards.find((one) => one.id === 's1')?.position).toEqual({ x: 99, y: 99 });
	});

	it('selects cards that are still to come', () => {
		const { deck } = dealt();
		deck.want(idSet(['s3']));
		const after = deck.deal(apply(base, [add('s3', 'shot')]), index, 16 / 9);
		expect(after.cards.find((one) => one.id === 's3')?.selected).toBe(true);
	});

	it('drops wires that are not in the document', () => {
		const { deck, wires } = dealt();
		expect(deck.kept([...wires, { id: 'ghost', source: 's1', target: 's2' }])).toHaveLength(1);
	});
});
