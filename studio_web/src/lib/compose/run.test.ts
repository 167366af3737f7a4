import { describe, expect, it } from 'vitest';
import type { Asset, GraphNode, PipelineType } from '../api/types.ts';
import { CatalogIndex } from '../catalog/catalog-index.ts';
import { catalog } from '../catalog/fixture.ts';
import { apply, emptyDoc, type Doc } from '../project/ops.ts';
import { pipelineFor, type Role } from './roles.ts';
import { runBatch, type Wanted } from './run.ts';

const socket = (name: string, type: string, role: Role, many = false) => ({
	name,
	type,
	role,
	many,
	label: name,
	required: false,
	help: '',
	type_from: null
});
const maker = {
	...(catalog.pipelines.find((one) => one.id === 'animatic') as PipelineType),
	id: 'maker',
	name: 'maker',
	modes: ['animate', 'audio'],
	inputs: [
		socket('still', 'Image', 'ground-truth'),
		socket('voice', 'Audio', 'audio'),
		socket('clip', 'Video', 'motion'),
		socket('refs', 'Image', 'reference', true)
	]
} as PipelineType;
const index = new CatalogIndex({ ...catalog, pipelines: [...catalog.pipelines, maker] });
const asset = (id: string, kind: Asset['kind']): Asset => ({ id, kind, title: `the ${id}` }) as Asset;
const wanted = (files: Partial<Record<Role, Asset[]>>, more: Partial<Wanted> = {}): Wanted => ({
	mode: 'animate',
	pipeline: maker,
	prompt: ' Rain. ',
	files: (role) => files[role] ?? [],
	fields: { seconds: 3, unknown: 1 },
	seed: null,
	...more
});
let placedAt = 0;
const place = () => ({ x: (placedAt += 400), y: 0 });
const at = (doc: Doc, id: string) => doc.nodes.get(id) as GraphNode;
const intoShot = (doc: Doc, shot: string) =>
	[...doc.edges.values()].filter((edge) => edge.target === shot).map((edge) => edge.target_handle);

describe('a run as cards of the board', () => {
	const hero = asset('hero', 'image');

	it('adds a card for each file, the shot, and the wires, each card in a place of its own', () => {
		const files = {
			'ground-truth': [hero],
			reference: [asset('r1', 'image'), asset('r2', 'image')],
			motion: [asset('dance', 'video')],
			audio: [asset('voice', 'audio')]
		};
		const { operations, shot } = runBatch(index, emptyDoc, wanted(files, { seed: 7 }), place);
		const doc = apply(emptyDoc, operations);
		expect(intoShot(doc, shot).sort()).toEqual(['clip', 'refs', 'refs', 'still']);
		expect(at(doc, shot).data).toMatchObject({
			prompt: 'Rain.',
			pipeline: 'maker',
			seconds: 3,
			seed: 7,
			seed_locked: true
		});
		expect(at(doc, shot).data).not.toHaveProperty('unknown');
		expect(new Set([...doc.nodes.values()].map((node) => node.x)).size).toBe(5);
		expect([...doc.nodes.values()].some((node) => node.data.asset === 'voice')).toBe(false);
	});

	it('uses the card that holds a file already', () => {
		const first = apply(
			emptyDoc,
			runBatch(index, emptyDoc, wanted({ 'ground-truth': [hero] }), place).operations
		);
		const second = apply(first, runBatch(index, first, wanted({ 'ground-truth': [hero] }), place).operations);
		expect([...second.nodes.values()].filter((node) => node.type === 'asset')).toHaveLength(1);
		expect([...second.nodes.values()].filter((node) => node.type === 'shot')).toHaveLength(2);
	});

	it('changes only what differs for another take of the same shot, and takes away what is no longer attached', () => {
		const made = runBatch(
			index,
			emptyDoc,
			wanted({ 'ground-truth': [hero], motion: [asset('m', 'video')] }),
			place
		);
		const doc = apply(emptyDoc, made.operations);
		const same = runBatch(
			index,
			doc,
			wanted({ 'ground-truth': [hero], motion: [asset('m', 'video')] }),
			place,
			at(doc, made.shot)
		);
		expect(same).toEqual({ operations: [], shot: made.shot });
		const other = runBatch(
			index,
			doc,
			wanted({ 'ground-truth': [asset('other', 'image')] }, { prompt: 'Snow.' }),
			place,
			at(doc, made.shot)
		);
		const after = apply(doc, other.operations);
		expect(at(after, made.shot).data.prompt).toBe('Snow.');
		expect(intoShot(after, made.shot)).toEqual(['still']);
		const feeding = [...after.edges.values()].find((edge) => edge.target === made.shot)?.source ?? '';
		expect(at(after, feeding).data.asset).toBe('other');
	});
});

describe('what makes a run', () => {
	const one = (id: string, more: Partial<PipelineType>): PipelineType => ({ ...maker, id, ...more });

	it('can run now before it is fine, is fine before it is a draft', () => {
		const list = [
			one('draft', { tier: 'previz' }),
			one('asleep', { tier: 'production', available: false }),
			one('fine', { tier: 'production', qualities: ['standard', 'high'] }),
			one('deaf', { tier: 'production', modes: ['animate'] })
		];
		expect(pipelineFor(list, 'audio', 'high')?.id).toBe('fine');
		expect(pipelineFor(list, 'audio', 'low')?.id).toBe('fine');
		expect(pipelineFor(list.slice(0, 2), 'audio', 'standard')?.id).toBe('draft');
		expect(pipelineFor(list.slice(1, 2), 'audio', 'standard')?.id).toBe('asleep');
		expect(pipelineFor([one('film', { task: 'assemble-film' })], 'audio', 'low')).toBeUndefined();
	});

	it('has what it needs and uses what is there', () => {
		const takes = (...wanted: [Role, boolean][]) => ({
			tier: 'production' as const,
			inputs: wanted.map(([role, required]) => ({ ...maker.inputs[0]!, name: role, role, required }))
		});
		const list = [
			one('draft', { tier: 'previz' }),
			one('follow', takes(['ground-truth', true], ['motion', true])),
			one('move', takes(['ground-truth', true])),
			one('words', takes())
		];
		expect(pipelineFor(list, 'animate', 'low', [])?.id).toBe('words');
		expect(pipelineFor(list, 'animate', 'low', ['ground-truth'])?.id).toBe('move');
		expect(pipelineFor(list, 'animate', 'low', ['ground-truth', 'motion'])?.id).toBe('follow');
		expect(pipelineFor(list.slice(0, 2), 'animate', 'low', [])?.id).toBe('follow');
	});

	it('is made for just these files before it could do without them', () => {
		const draft = (id: string, required: boolean) =>
			one(id, {
				tier: 'previz',
				inputs: (['ground-truth', 'audio'] as const).map((role) => ({
					...maker.inputs[0]!,
					name: role,
					role,
					required
				}))
			});
		const list = [draft('any', false), draft('talk', true)];
		expect(pipelineFor(list, 'audio', 'low', ['ground-truth', 'audio'])?.id).toBe('talk');
		expect(pipelineFor(list, 'audio', 'low', ['audio'])?.id).toBe('any');
	});
});
