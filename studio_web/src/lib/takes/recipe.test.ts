import { describe, expect, it } from 'vitest';
import type { Asset, GraphNode, Take } from '../api/types.ts';
import { index } from '../catalog/fixture.ts';
import { into } from '../catalog/resolve.ts';
import { apply, wire } from '../project/ops.ts';
import { differences } from './differences.ts';
import { node, recipe, take } from './fixture.ts';
import type { World } from './given.ts';
import { rebuild, rewire, settingsOf, takeOfFile } from './recipe.ts';

const still = { id: 'a1', title: 'harbour', kind: 'image', path: '01/harbour.png', oid: 'o1' } as Asset;
const quay = { ...still, id: 'a2', title: 'quay', path: '01/quay.png', oid: 'o2' } as Asset;
const voice = { ...still, id: 'a3', title: 'line', kind: 'audio', path: '01/line.wav', oid: 'o3' } as Asset;
const inputs = [
	{ socket: 'still', name: 'harbour.png', oid: 'o1' },
	{ socket: 'voice', name: 'line.wav', oid: 'o3' }
];
const made = take(1, { recipe: recipe({ params: { seconds: 6 }, inputs, seed: 11 }) });

function world(
	nodes: GraphNode[],
	wires: [string, string, string, string][] = [],
	takes: Take[] = [made]
): World {
	return {
		doc: {
			nodes: new Map(nodes.map((one) => [one.id, one])),
			edges: new Map(wires.map((ends) => [wire(...ends).id, wire(...ends)]))
		},
		catalog: index,
		takes: new Map([['s', takes]]),
		assets: new Map([still, quay, voice].map((one) => [one.id, one])),
		quality: 'standard'
	};
}

describe('the settings of a take', () => {
	it('go back onto its card, with the seed locked', () => {
		const shot = node('s', { seconds: 9, prompt: 'kept' });
		const at = world([shot]);
		const after = apply(at.doc, settingsOf(at, shot, made)).nodes.get('s');
		expect(after?.data).toEqual({ seconds: 6, prompt: 'kept', seed: 11, seed_locked: true });
	});

	it('write nothing that is so already', () => {
		const shot = node('s', { seconds: 6, seed: 11, seed_locked: true });
		expect(settingsOf(world([shot]), shot, made)).toEqual([]);
		const plain = take(1, { recipe: recipe({ params: { seconds: 4 }, seed: 11 }) });
		const fresh = node('s', { seed: 11, seed_locked: true });
		expect(settingsOf(world([fresh]), fresh, plain)).toEqual([]);
	});

	it('bring another pipeline along, but not over a wire', () => {
		const styled = take(1, { recipe: recipe({ pipeline: 'restyle', params: {} }) });
		const shot = node('s');
		expect(settingsOf(world([shot]), shot, styled)).toContainEqual({
			op: 'node.set',
			id: 's',
			name: 'pipeline',
			value: 'restyle'
		});
		const wired = world(
			[shot, node('p', { pipeline: 'animatic' }, 'pipeline')],
			[['p', 'pipeline', 's', 'pipeline']]
		);
		expect(settingsOf(wired, shot, styled).some((one) => 'name' in one && one.name === 'pipeline')).toBe(
			false
		);
	});
});

describe('the inputs of a take', () => {
	it('are wired as they were: from their card, or from a new one', () => {
		const shot = node('s', { seconds: 6 });
		const at = world(
			[
				shot,
				node('old', { asset: 'a1', kind: 'image' }, 'asset'),
				node('now', { asset: 'a2', kind: 'image' }, 'asset')
			],
			[['now', 'media', 's', 'still']]
		);
		const done = rewire(at, shot, made);
		expect(done.gone).toEqual([]);
		const doc = apply(at.doc, done.operations);
		const ends = into(doc, 's').map((edge) => [edge.source, edge.target_handle]);
		expect(ends).toContainEqual(['old', 'still']);
		expect(ends).toHaveLength(2);
		const added = [...doc.nodes.values()].find((one) => one.type === 'audio');
		expect(added?.data).toMatchObject({ asset: 'a3', name: 'line' });
		expect(differences({ ...at, doc }, shot, made)).toEqual([]);
	});

	it('that are gone are named', () => {
		const shot = node('s', { seconds: 6 });
		const lost = take(1, {
			recipe: recipe({ params: { seconds: 6 }, inputs: [{ socket: 'still', name: 'lost.png', oid: 'zz' }] })
		});
		expect(rewire(world([shot]), shot, lost)).toEqual({ operations: [], gone: ['lost.png'], other: [] });
	});

	it('that are takes come from their card, and it is said when that shows another one', () => {
		const first = take(1, { recipe: null });
		const second = take(2, { recipe: null });
		const shot = node('t', { pipeline: 'restyle' });
		const clip = { socket: 'clip', name: `${first.name}.mp4`, oid: 'x1' };
		const styled = take(1, { recipe: recipe({ pipeline: 'restyle', params: {}, inputs: [clip] }) });
		const done = rewire(world([shot, node('s')], [], [first, second]), shot, styled);
		expect(done.other).toEqual([clip.name]);
		expect(done.operations).toHaveLength(1);
	});
});

describe('a card built from a take', () => {
	it('says what the take was made from', () => {
		const at = world([node('old', { asset: 'a1', kind: 'image' }, 'asset')]);
		const built = rebuild(at, made, { x: 10.4, y: 20 });
		const doc = apply(at.doc, built?.operations ?? []);
		const card = doc.nodes.get(built?.id ?? '');
		expect(card).toMatchObject({ type: 'shot', x: 10, y: 20 });
		expect(card?.data).toMatchObject({
			scene: '01',
			seconds: 6,
			pipeline: 'animatic',
			seed: 11,
			seed_locked: true
		});
		expect(card && differences({ ...at, doc }, card, made)).toEqual([]);
		expect(rebuild(at, take(1, { recipe: null }), { x: 0, y: 0 })).toBeUndefined();
	});
});

describe('a file on the desk', () => {
	const known = { ...made, size: 500, oid: 'abc' } as Take;
	const hashed = (oid: string | undefined) => () => Promise.resolve(oid);

	it('is a take when its bytes are, whatever it is called', async () => {
		expect(await takeOfFile([known], { name: 'x.mp4', size: 500 }, hashed('abc'))).toBe(known);
		expect(
			await takeOfFile([known], { name: `${made.name}.mp4`, size: 500 }, hashed('other'))
		).toBeUndefined();
	});

	it('is not read when no take has its size', async () => {
		const never = () => Promise.reject(new Error('was read'));
		expect(await takeOfFile([known], { name: `${made.name}.mp4`, size: 501 }, never)).toBeUndefined();
	});

	it('is known by its name where bytes cannot be compared', async () => {
		expect(await takeOfFile([known], { name: `${made.name}.mp4`, size: 500 }, hashed(undefined))).toBe(known);
	});
});
