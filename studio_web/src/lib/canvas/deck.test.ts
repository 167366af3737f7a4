import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { CatalogIndex } from '../catalog/catalog-index.ts';
import { index } from '../catalog/fixture.ts';
import { resolve } from '../catalog/resolve.ts';
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
		expect(card).toMatchObject({ type: 'shot', ariaLabel: 'Shot 010', ariaRole: 'group' });
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

	it('has moved cards as if all were dealt anew, and touches nothing else', () => {
		const scene = apply(base, [
			add('scene', 'scene', { width: 900 }),
			{ op: 'node.move', id: 's2', x: 9, y: 9, parent: 'scene' }
		]);
		const { deck, cards, wires } = dealt(scene);
		deck.moved(cards.map((card) => (card.id === 's1' ? { ...card, selected: true } : card)));
		const before = deck.rebuilt;
		const moves: Operation[] = ['s1', 's2', 'scene'].map((id, at) => ({
			op: 'node.move',
			id,
			x: 100 + at,
			y: -7
		}));
		const doc = apply(scene, moves);
		const after = deck.deal(doc, index, 16 / 9);
		expect(deck.rebuilt - before).toBe(3);
		const fresh = dealt(doc).cards;
		const unchosen = (card: Card) => ({ ...card, selected: false });
		expect(after.cards.map(unchosen)).toEqual(fresh.map(unchosen));
		expect(after.cards.filter((card) => card.selected).map((card) => card.id)).toEqual(['s1']);
		expect(after.cards.find((card) => card.id === 'img')).toBe(cards.find((card) => card.id === 'img'));
		expect(after.wires[0]).toBe(wires[0]);
		expect(deck.box('s2')).toMatchObject({ x: 203, y: -14 });
	});

	it('deals anew where more than a place is different', () => {
		const { deck } = dealt();
		const told = (doc: Doc, ...more: [ReadonlySet<string>?]) =>
			deck.deal(doc, index, 16 / 9, ...more).cards.map((card) => [card.id, card.position.x, card.hidden]);
		const moved = apply(base, [{ op: 'node.move', id: 's1', x: 5, y: 5 }]);
		expect(told(moved)).toContainEqual(['s1', 5, undefined]);
		const both = apply(moved, [
			{ op: 'node.move', id: 's1', x: 6, y: 5 },
			{ op: 'node.set', id: 's2', name: 'code', value: '030' }
		]);
		deck.deal(both, index, 16 / 9);
		expect(deck.card('s2')?.ariaLabel).toBe('Shot 030');
		expect(deck.card('s1')?.position.x).toBe(6);
		expect(told(apply(both, [{ op: 'node.remove', id: 's1' }])).map(([id]) => id)).not.toContain('s1');
	});

	it('resolves again only what was touched', () => {
		const edited = apply(base, [{ op: 'node.set', id: 's2', name: 'prompt', value: 'fog' }]);
		const s1 = base.nodes.get('s1')!;
		expect(resolve(edited, edited.nodes.get('s1')!, index)).toBe(resolve(base, s1, index));
		const wired = apply(edited, [join('pipe', 'pipeline', 's1', 'pipeline')]);
		expect(resolve(wired, wired.nodes.get('s1')!, index).pipelineFrom).toBe('wire');
		expect(resolve(base, s1, index).pipelineFrom).toBe('project');
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

describe('a collapsed scene', () => {
	const { catalog } = index;
	const frame = {
		...catalog.nodes[0]!,
		type: 'scene',
		title: 'Scene',
		surface: 'scene',
		inputs: [],
		outputs: []
	};
	const scenes = new CatalogIndex({ ...catalog, nodes: [...catalog.nodes, frame] });
	const doc = apply(base, [
		add('sc', 'scene', { scene: '01', width: 900, height: 700 }),
		{ op: 'node.move', id: 's1', x: 40, y: 60, parent: 'sc' },
		add('cut', 'assembler'),
		join('s1', 'video', 'cut', 'clips')
	]);

	it('is a frame under its cards until it is collapsed', () => {
		const { cards } = new Deck().deal(doc, scenes, 16 / 9);
		expect(cards.find((card) => card.id === 'sc')).toMatchObject({ width: 900, height: 700, zIndex: -3000 });
		expect(cards.find((card) => card.id === 's1')).toMatchObject({ parentId: 'sc' });
	});

	it('hides what it holds, and has the sockets through which wires go', () => {
		const deck = new Deck();
		const { cards, wires } = deck.deal(doc, scenes, 16 / 9, idSet(['sc']));
		expect(cards.find((card) => card.id === 's1')?.hidden).toBe(true);
		const small = cards.find((card) => card.id === 'sc');
		expect(small?.handles?.map((handle) => handle.id)).toEqual(['s1.still', 's1.video']);
		expect(small?.data.layout.spots.map((spot) => spot.spec.label)).toEqual(['010 still', '010 video']);
		const out = deck.line(wires.find((wire) => wire.source === 's1')!);
		expect(out?.from.x).toBe(small!.width);
	});
});
