import { describe, expect, it } from 'vitest';
import type { GraphNode, SocketSpec } from '../api/types.ts';
import { CatalogIndex } from '../catalog/catalog-index.ts';
import { fitsOn } from '../catalog/connect.ts';
import { catalog } from '../catalog/fixture.ts';
import { resolve } from '../catalog/resolve.ts';
import { apply, emptyDoc, wire, type Doc } from '../project/ops.ts';
import { Deck, idSet } from './deck.ts';
import { foldable } from './folding.ts';
import { layoutOf, ROW } from './geometry.ts';

const socket = (name: string, type: string, more: Partial<SocketSpec> = {}): SocketSpec => ({
	...{ name, type, label: name, required: false, many: false, help: '', type_from: null, role: null },
	...more
});

const rich = (inputs: SocketSpec[]) =>
	new CatalogIndex({
		...catalog,
		pipelines: catalog.pipelines.map((one) => (one.id === 'animatic' ? { ...one, inputs } : one))
	});

const files = [
	socket('still', 'Image'),
	socket('voice', 'Audio'),
	socket('motion', 'Video'),
	socket('references', 'Image', { many: true }),
	socket('poses', 'Image', { many: true })
];
const index = rich(files);
const node = (id: string, type: string, data: Record<string, unknown> = {}): GraphNode => ({
	...{ id, type, x: 0, y: 0, parent: null },
	data
});
const base = apply(emptyDoc, [
	{ op: 'node.add', node: node('s', 'shot') },
	{ op: 'node.add', node: node('img', 'asset', { kind: 'image' }) },
	{ op: 'node.add', node: node('cut', 'assembler') }
]);
const joined = (doc: Doc, input: string): Doc =>
	apply(doc, [{ op: 'edge.add', edge: wire('img', 'media', 's', input) }]);
const shot = (doc: Doc): GraphNode => doc.nodes.get('s')!;
const kept = (doc: Doc, by = index) =>
	foldable(resolve(doc, shot(doc), by), [...doc.edges.values()]).map((spec) => spec.name);

describe('what a card folds', () => {
	it('keeps the first two of the pipeline in sight and folds the other unwired ones', () => {
		expect(kept(base)).toEqual(['pipeline', 'motion', 'references', 'poses']);
	});

	it('never what is wired, and takes it back when the wire is gone', () => {
		const wired = joined(base, 'poses');
		expect(kept(wired)).toEqual(['pipeline', 'motion', 'references']);
		const [edge] = wired.edges.keys();
		expect(kept(apply(wired, [{ op: 'edge.remove', id: edge! }]))).toEqual(kept(base));
	});

	it('never what the pipeline needs', () => {
		const needs = files.map((one) => (one.name === 'poses' ? { ...one, required: true } : one));
		expect(kept(base, rich(needs))).toEqual(['pipeline', 'motion', 'references']);
	});

	it('never a field that a person made a socket', () => {
		const exposed = apply(base, [{ op: 'node.set', id: 's', name: 'exposed', value: ['seconds'] }]);
		expect(resolve(exposed, shot(exposed), index).inputs.map((one) => one.name)).toContain('seconds');
		expect(kept(exposed)).toEqual(kept(base));
	});

	it('shows the row itself where it would stand for one only', () => {
		expect(kept(base, rich(files.slice(0, 2)))).toEqual([]);
	});

	it('leaves assemblers and cards without a pipeline as they are', () => {
		const cut = base.nodes.get('cut')!;
		expect(foldable(resolve(base, cut, index), [])).toEqual([]);
		expect(foldable({ ...resolve(base, shot(base), index), pipeline: undefined }, [])).toEqual([]);
	});
});

describe('a folded card', () => {
	const laid = (unfolded: boolean) =>
		layoutOf(resolve(base, shot(base), index), 16 / 9, 0, { wires: [], unfolded });

	it('is as high as its rows, with one more for those it folds', () => {
		const [folded, open] = [laid(false), laid(true)];
		expect(folded.spots.filter((spot) => spot.side === 'target')).toHaveLength(2);
		expect(open.spots.filter((spot) => spot.side === 'target')).toHaveLength(6);
		expect(open.height - folded.height).toBe(4 * ROW);
		for (const { more, socketsTop, socketsHeight, spots } of [folded, open]) {
			expect(more?.y).toBe(Math.max(...spots.map((spot) => spot.y)) + ROW);
			expect(more?.y).toBeLessThan(socketsTop + socketsHeight);
		}
		expect([folded.more?.open, open.more?.open]).toEqual([false, true]);
	});

	it('has a socket wherever a wire ends, also after a change of its wires and of what the viewer sees', () => {
		const deck = new Deck();
		const handles = (doc: Doc, unfolded?: ReadonlySet<string>) =>
			deck
				.deal(doc, index, 16 / 9, undefined, unfolded)
				.cards.find((one) => one.id === 's')
				?.handles?.map((handle) => handle.id);
		expect(handles(base)).toEqual(['still', 'voice', 'video']);
		expect(handles(joined(base, 'poses'))).toEqual(['still', 'voice', 'poses', 'video']);
		expect(handles(base)).toEqual(['still', 'voice', 'video']);
		expect(handles(base, idSet(['s']))).toContain('references');
	});
});

describe('a wire let go on a folded card', () => {
	const end = { node: 'img', handle: 'media', side: 'source' } as const;
	const fits = (doc: Doc, onFolded = false) =>
		fitsOn(
			index,
			doc,
			end,
			shot(doc),
			foldable(resolve(doc, shot(doc), index), [...doc.edges.values()]),
			onFolded
		).map((spec) => spec.name);

	it('goes into the first free input in sight', () => {
		expect(fits(base)).toEqual(['still']);
	});

	it('leaves the choice between folded ones that fit equally well', () => {
		expect(fits(base, true)).toEqual(['references', 'poses']);
		expect(fits(joined(base, 'still'))).toEqual(['references', 'poses']);
	});

	it('takes the only one, and the first in sight where no folded one fits', () => {
		const film = { node: 'cut', handle: 'film', side: 'source' } as const;
		const folded = foldable(resolve(base, shot(base), index), []);
		expect(fitsOn(index, base, film, shot(base), folded).map((spec) => spec.name)).toEqual(['motion']);
		const sound = apply(base, [{ op: 'node.add', node: node('a', 'audio') }]);
		const voice = { node: 'a', handle: 'audio', side: 'source' } as const;
		expect(fitsOn(index, sound, voice, shot(base), folded, true).map((spec) => spec.name)).toEqual(['voice']);
	});
});
