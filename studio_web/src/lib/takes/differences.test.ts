import { describe, expect, it } from 'vitest';
import type { Asset, GraphNode, Take } from '../api/types.ts';
import { index } from '../catalog/fixture.ts';
import { wire } from '../project/ops.ts';
import { node, recipe, take } from './fixture.ts';
import type { World } from './given.ts';
import { differences, type Difference } from './differences.ts';

const still = {
	id: 'a1',
	title: 'harbour',
	kind: 'image',
	path: '01_Assets/harbour.png',
	oid: 'o1'
} as Asset;
const other = { ...still, id: 'a2', path: '01_Assets/quay.png', oid: 'o2' } as Asset;

function world(
	nodes: GraphNode[],
	wires: [string, string, string, string][],
	takes: Record<string, Take[]>
): World {
	return {
		doc: {
			nodes: new Map(nodes.map((one) => [one.id, one])),
			edges: new Map(wires.map((ends) => [wire(...ends).id, wire(...ends)]))
		},
		catalog: index,
		takes: new Map(Object.entries(takes)),
		assets: new Map([still, other].map((one) => [one.id, one])),
		quality: 'standard'
	};
}

const inputs = [{ socket: 'still', name: 'harbour.png', oid: 'o1' }];
const made = (more = {}) => take(1, { recipe: recipe({ params: { seconds: 4 }, inputs, ...more }) });
const asset = (id: string) => node('pic', { asset: id }, 'asset');
const fed: [string, string, string, string][] = [['pic', 'media', 's', 'still']];

/** What differs, and from what to what. */
const brief = (is: Difference): string => {
	if (is.kind === 'input')
		return `${is.socket}: ${is.was.map((one) => one.name).join()} > ${is.now.map((one) => one.name).join()}`;
	const name = is.kind === 'field' ? is.name : is.kind;
	return `${name}: ${String(is.was)} > ${String(is.now)}`;
};
const found = (at: World, shot: GraphNode, one: Take) => differences(at, shot, one).map(brief);
const why = (data: Record<string, unknown>, one: Take = made(), from = 'a1') => {
	const shot = node('s', data);
	return found(world([shot, asset(from)], fed, { s: [one] }), shot, one);
};

describe('a recipe and its card differ', () => {
	it('not while the card says what the take was made from', () => {
		expect(why({})).toEqual([]);
		expect(why({ seconds: 4 })).toEqual([]);
		expect(why({ seed: 99 })).toEqual([]);
		expect(why({ seconds: 9 }, take(1, { recipe: null }))).toEqual([]);
	});

	it('when a setting, the locked seed or the quality is another one', () => {
		expect(why({ seconds: 6 })).toEqual(['seconds: 4 > 6']);
		expect(why({ seed: 99, seed_locked: true })).toEqual(['seed: 7 > 99']);
		expect(why({}, made({ quality_requested: 'low' }))).toEqual(['quality: low > standard']);
	});

	it('when a wire brings another file, another content, or is gone', () => {
		expect(why({}, made(), 'a2')).toEqual(['still: harbour.png > quay.png']);
		expect(why({}, made({ inputs: [{ ...inputs[0], oid: 'old' }] }))).toEqual([
			'still: harbour.png > harbour.png'
		]);
		expect(why({}, made({ inputs: [] }))).toEqual(['still:  > harbour.png']);
		const shot = node('s');
		expect(found(world([shot], [], { s: [made()] }), shot, made())).toEqual(['still: harbour.png > ']);
	});

	it('when the chosen pipeline is another one or has moved on', () => {
		expect(why({ pipeline: 'restyle' }, made({ inputs: [] }))[0]).toBe('pipeline: Animatic > Restyle');
		expect(why({}, made({ pipeline_version: '0.9.0' }))).toEqual(['version: 0.9.0 > 1.0.0']);
	});

	it('through a reroute; a muted card gives nothing', () => {
		const shot = node('s');
		const at = world(
			[shot, asset('a1'), node('r', {}, 'reroute')],
			[
				['pic', 'media', 'r', 'in'],
				['r', 'out', 's', 'still']
			],
			{ s: [made()] }
		);
		expect(found(at, shot, made())).toEqual([]);
		const muted = world([shot, node('pic', { asset: 'a1', muted: true }, 'asset')], fed, { s: [made()] });
		expect(found(muted, shot, made())).toEqual(['still: harbour.png > ']);
	});

	it('when the take it was made from is another one, by bytes or by name', () => {
		const first = take(1, { recipe: null });
		const second = take(2, { recipe: null });
		const clip = [{ socket: 'clip', name: `${first.name}.mp4`, oid: 'x1' }];
		const shot = node('s', { pipeline: 'restyle' });
		const one = take(1, { recipe: recipe({ pipeline: 'restyle', params: {}, inputs: clip }) });
		const at = (active: string, source: Take[]) =>
			found(
				world([shot, node('from', { active_take: active })], [['from', 'video', 's', 'clip']], {
					from: source,
					s: [one]
				}),
				shot,
				one
			);
		expect(at(first.name, [first, second])).toEqual([]);
		expect(at(second.name, [first, second])[0]).toContain('take01.mp4 > SHOT-010_v01_take02.mp4');
		const replaced = { ...first, oid: 'x9' } as Take;
		expect(at(first.name, [replaced, second])).toEqual([
			'clip: SHOT-010_v01_take01.mp4 > SHOT-010_v01_take01.mp4'
		]);
	});
});
