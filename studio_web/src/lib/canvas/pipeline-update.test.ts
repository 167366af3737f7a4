import { expect, it } from 'vitest';
import { CatalogIndex } from '../catalog/catalog-index.ts';
import { catalog, index } from '../catalog/fixture.ts';
import { resolve } from '../catalog/resolve.ts';
import { choosing, namedBy, seenOf } from '../catalog/edition.ts';
import { difference } from './pipeline-update.ts';
import { card } from './scenes/sketch.ts';

const animatic = index.pipeline('animatic')!;
const named = (seen: unknown) =>
	card('p', 0, 0, { type: 'pipeline', data: { pipeline: 'animatic', pipeline_seen: seen } });

it('offers nothing where nothing changed, or nothing is remembered', () => {
	expect(difference(named(seenOf(animatic)), animatic)).toBeUndefined();
	expect(difference(named(undefined), animatic)).toBeUndefined();
	expect(difference(named({ version: 3 }), animatic)).toBeUndefined();
	expect(difference(named(seenOf(animatic)), undefined)).toBeUndefined();
});

it('says what came, went and changed', () => {
	const old = { version: '0.9.0', inputs: { still: 'Video', mask: 'Mask' }, fields: { seconds: 'slider' } };
	expect(difference(named(old), animatic)).toEqual({
		from: '0.9.0',
		to: '1.0.0',
		inputs: [
			{ name: 'still', was: 'Video', is: 'Image' },
			{ name: 'mask', was: 'Mask', is: undefined },
			{ name: 'voice', was: undefined, is: 'Audio' }
		],
		fields: []
	});
});

it('offers a new version although its sockets are the same', () => {
	expect(difference(named({ ...seenOf(animatic), version: '0.9.0' }), animatic)).toMatchObject({
		inputs: [],
		fields: []
	});
});

it('remembers what is chosen, and forgets it with the choice', () => {
	expect(choosing(animatic)).toMatchObject({ pipeline: 'animatic', pipeline_seen: { version: '1.0.0' } });
	expect(choosing(undefined)).toEqual({ pipeline: null, pipeline_seen: null });
});

it('has a card keep its version while that is installed, and offers the one in use', () => {
	const old = { ...animatic, name: 'animatic@0.9.0', version: '0.9.0', inputs: [] };
	const both = new CatalogIndex({ ...catalog, pipelines: [animatic, old] });
	const kept = named(seenOf(old));
	expect(both.pipeline(namedBy(kept))?.version).toBe('0.9.0');
	expect(index.pipeline(namedBy(kept))?.version, 'gone: the one in use').toBe('1.0.0');
	expect(difference(kept, both.pipeline('animatic'))).toMatchObject({ from: '0.9.0', to: '1.0.0' });
	expect(both.inUse).toEqual([animatic]);
	const shot = card('s', 0, 0, { type: 'shot', data: kept.data });
	const of = (data: unknown) => {
		const node = { ...shot, data: { ...shot.data, pipeline_seen: data } };
		return resolve({ nodes: new Map([['s', node]]), edges: new Map() }, node, both).pipeline?.version;
	};
	expect([of(seenOf(old)), of(seenOf(animatic)), of(null)]).toEqual(['0.9.0', '1.0.0', '1.0.0']);
	expect(of({ ...seenOf(old), id: 'restyle' }), 'remembered of another pipeline').toBe('1.0.0');
});
