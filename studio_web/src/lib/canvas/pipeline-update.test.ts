import { expect, it } from 'vitest';
import { index } from '../catalog/fixture.ts';
import { choosing, difference, seenOf } from './pipeline-update.ts';
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
