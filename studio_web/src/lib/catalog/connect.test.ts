import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { apply, emptyDoc, wire } from '../project/ops.ts';
import { firstFit, judge, replacedBy, whyNot, wireFrom, type LooseEnd, type Wire } from './connect.ts';
import { CatalogIndex } from './catalog-index.ts';
import { catalog, index } from './fixture.ts';
import { resolve } from './resolve.ts';

const node = (id: string, type: string, data: Record<string, unknown> = {}): Operation => ({
	op: 'node.add',
	node: { id, type, x: 0, y: 0, parent: null, data }
});
const join = (from: string, fromHandle: string, to: string, toHandle: string): Operation => ({
	op: 'edge.add',
	edge: wire(from, fromHandle, to, toHandle)
});
const doc = apply(emptyDoc, [
	node('img', 'asset', { kind: 'image' }),
	node('clip', 'asset', { kind: 'video' }),
	node('voice', 'audio'),
	node('pipe', 'pipeline', { pipeline: 'restyle' }),
	node('s1', 'shot'),
	node('s2', 'shot', { pipeline: 'restyle' }),
	node('cut', 'assembler'),
	node('odd', 'from-the-future')
]);
const at = (id: string) => doc.nodes.get(id) as GraphNode;
const asked = (source: string, source_handle: string, target: string, target_handle: string): Wire => ({
	source,
	source_handle,
	target,
	target_handle
});

describe('resolve', () => {
	it("gives a shot the sockets of the studio's default pipeline", () => {
		const { inputs, pipeline, pipelineFrom, fields } = resolve(doc, at('s1'), index);
		expect(inputs.map((spec) => spec.name)).toEqual(['pipeline', 'still', 'voice']);
		expect([pipeline?.id, pipelineFrom]).toEqual(['animatic', 'project']);
		expect(fields.map((field) => field.name)).toEqual(['seconds']);
	});

	it('keeps the default while no worker can run it, so that wires hold', () => {
		const asleep = new CatalogIndex({
			...catalog,
			default_pipelines: { 'generate-video': 'gone' }
		});
		expect(resolve(doc, at('s1'), asleep).pipeline).toMatchObject({ id: 'gone', available: false });
		const bare = new CatalogIndex({ ...catalog, default_pipelines: {} });
		expect(resolve(doc, at('s1'), bare)).toMatchObject({ pipeline: undefined, fields: [] });
	});

	it('prefers the wired pipeline, then its own', () => {
		expect(resolve(doc, at('s2'), index)).toMatchObject({
			pipelineFrom: 'node',
			pipeline: { id: 'restyle' }
		});
		const wired = apply(doc, [join('pipe', 'pipeline', 's1', 'pipeline')]);
		expect(resolve(wired, at('s1'), index)).toMatchObject({
			pipelineFrom: 'wire',
			pipeline: { id: 'restyle' }
		});
	});

	it("types an asset's output by its kind, and knows nothing of unknown nodes", () => {
		expect(resolve(doc, at('clip'), index).outputs[0]?.type).toBe('Video');
		expect(resolve(doc, at('odd'), index)).toMatchObject({ type: undefined, inputs: [], outputs: [] });
	});
});

describe('judge', () => {
	it('lets fitting wires through', () => {
		expect(judge(index, doc, asked('img', 'media', 's1', 'still'))).toEqual({ ok: true });
		expect(judge(index, doc, asked('s1', 'video', 's2', 'clip'))).toEqual({ ok: true });
	});

	it.each([
		['img', 'media', 's1', 'clip', 'There is no such socket'],
		['odd', 'out', 's1', 'still', 'There is no such socket'],
		['nobody', 'media', 's1', 'still', 'There is no such socket'],
		['s2', 'video', 's2', 'clip', 'A card cannot feed itself'],
		['voice', 'audio', 's1', 'still', 'Sound does not fit where a picture goes'],
		['clip', 'media', 's1', 'still', 'A clip does not fit where a picture goes']
	])('refuses %s.%s into %s.%s: %s', (source, out, target, input, reason) => {
		expect(judge(index, doc, asked(source, out, target, input))).toEqual({ ok: false, reason });
	});

	it('refuses a loop over several nodes', () => {
		const chain = apply(doc, [
			node('s3', 'shot', { pipeline: 'restyle' }),
			join('s2', 'video', 's3', 'clip')
		]);
		expect(judge(index, chain, asked('s3', 'video', 's2', 'clip'))).toEqual({
			ok: false,
			reason: 'This would make a loop'
		});
		expect(judge(index, chain, asked('s1', 'video', 's2', 'clip'))).toEqual({ ok: true });
	});
});

describe('dropping a wire on a node', () => {
	const out: LooseEnd = { node: 'img', handle: 'media', side: 'source' };

	it('takes the first free socket that fits', () => {
		expect(firstFit(index, doc, out, at('s1'))?.name).toBe('still');
		expect(firstFit(index, doc, { node: 's1', handle: 'still', side: 'target' }, at('img'))?.name).toBe(
			'media'
		);
		expect(firstFit(index, doc, { node: 's1', handle: 'video', side: 'source' }, at('cut'))?.name).toBe(
			'clips'
		);
	});

	it('says why nothing fits', () => {
		expect(firstFit(index, doc, out, at('cut'))).toBeUndefined();
		expect(whyNot(index, doc, out, at('cut'))).toBe('A picture does not fit where a clip goes');
		expect(whyNot(index, doc, out, at('voice'))).toBe('There is no such socket');
	});

	it('names the wire that a single input gives up', () => {
		const wired = apply(doc, [join('img', 'media', 's1', 'still'), join('s1', 'video', 'cut', 'clips')]);
		expect(replacedBy(index, wired, asked('img', 'media', 's1', 'still'))).toEqual(['img.media>s1.still']);
		expect(replacedBy(index, wired, asked('s2', 'video', 'cut', 'clips'))).toEqual([]);
		expect(wireFrom(out, 's1', 'still')).toEqual(asked('img', 'media', 's1', 'still'));
	});
});
