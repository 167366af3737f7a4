import { describe, expect, it } from 'vitest';
import { recipe, take } from './fixture.ts';
import { madeWith, table, varying } from './pivot.ts';
import type { FieldSpec, PipelineType } from '../api/types.ts';
import { ownField } from '../widgets/widget.ts';
import {
	combinations,
	freshSeeds,
	linesIn,
	numbersIn,
	usualSeconds,
	whyNotWith,
	type Complaints,
	type Misfit
} from './wedge.ts';

const say: Complaints = {
	notANumber: (text) => `${text} is no number`,
	whole: (text) => `${text} is not whole`,
	tooLow: (text, min) => `${text} < ${min}`,
	tooHigh: (text, max) => `${text} > ${max}`,
	tooLong: (max) => `more than ${max}`
};
const seconds = { name: 'seconds', type: 'Float', min: 1, max: 60 };

describe('a sweep', () => {
	it('makes every value with every other', () => {
		expect(
			combinations([
				{ field: 'prompt', values: ['a', 'b'] },
				{ field: 'seed', values: [1, 2, 3] }
			])
		).toHaveLength(6);
		expect(combinations([{ field: 'move', values: ['pan'] }], { seed: 5 })).toEqual([
			{ seed: 5, move: 'pan' }
		]);
		expect(combinations([{ field: 'move', values: [] }])).toEqual([]);
	});

	it('reads numbers as people list them, and says what is wrong', () => {
		expect(numbersIn('1, 2.5;4  4', seconds, say)).toEqual({ values: [1, 2.5, 4] });
		expect(numbersIn('', seconds, say)).toEqual({ values: [] });
		expect(numbersIn('2 four', seconds, say).wrong).toBe('four is no number');
		expect(numbersIn('0.5', seconds, say).wrong).toBe('0.5 < 1');
		expect(numbersIn('61', seconds, say).wrong).toBe('61 > 60');
		const seed = { name: 'seed', type: 'Integer', min: null, max: null };
		expect(numbersIn('1.5', seed, say).wrong).toBe('1.5 is not whole');
		expect(numbersIn('-1', seed, say).wrong).toBe('-1 < 0');
		expect(numbersIn(String(2 ** 32), seed, say).wrong).toContain('>');
	});

	it('reads prompts a line each', () => {
		expect(linesIn(' dawn \n\ndusk\ndawn', { max_length: null }, say)).toEqual({ values: ['dawn', 'dusk'] });
		expect(linesIn('too long', { max_length: 3 }, say).wrong).toBe('more than 3');
	});

	it('makes up seeds that the studio takes', () => {
		const seeds = freshSeeds(8);
		expect(new Set(seeds).size).toBe(8);
		expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
	});

	it('knows how long a take usually took', () => {
		const took = [9, 1, 3].map((elapsed_s, at) => take(at + 1, { elapsed_s }));
		expect(usualSeconds([...took, take(4, { elapsed_s: null })], 'animatic', 'standard')).toBe(3);
		expect(usualSeconds(took, 'restyle', 'standard')).toBeUndefined();
		expect(usualSeconds(took, 'animatic', 'high')).toBeUndefined();
	});
});

describe('a sweep over pipelines', () => {
	const words: Misfit = {
		unavailable: (title, why) => `${title}: ${why}`,
		noSetting: (title, setting) => `${title} has no ${setting}`,
		outside: (title, setting, value) => `${title}: ${setting} ${value} is outside`,
		notOffered: (title, setting, value) => `${title}: no ${setting} ${value}`,
		needsWire: (title, socket) => `${title} needs ${socket}`
	};
	const length = ownField('seconds', 'Length', 'number', { type: 'Float', min: 1, max: 8 });
	const look = ownField('look', 'Look', 'select', { choices: [{ value: 'ink', label: 'Ink' }] });
	const pipeline = (more: Partial<PipelineType> = {}): PipelineType => ({
		id: 'restyle',
		name: 'restyle',
		version: '1.0.0',
		title: 'Restyle',
		description: '',
		task: 'generate-video',
		tier: 'final',
		inputs: [],
		fields: [length, look],
		outputs: [],
		qualities: [],
		available: true,
		unavailable_reason: '',
		cannot: [],
		license: '',
		egress: [],
		by_name: false,
		modes: [],
		...more
	});
	const none = new Set<string>();
	const clip = {
		name: 'clip',
		type: 'Video',
		label: 'Clip',
		required: true
	} as PipelineType['inputs'][number];

	it('refuses in words what a pipeline cannot do', () => {
		const against = (field: FieldSpec, ...values: (number | string)[]) => ({ field, values });
		expect(whyNotWith(pipeline(), against(length, 1, 8), none, words)).toBeUndefined();
		expect(whyNotWith(pipeline(), against(length, 9), none, words)).toBe('Restyle: Length 9 is outside');
		expect(whyNotWith(pipeline(), against(look, 'oil'), none, words)).toBe('Restyle: no Look oil');
		expect(whyNotWith(pipeline({ fields: [] }), against(length, 2), none, words)).toBe(
			'Restyle has no Length'
		);
		expect(
			whyNotWith(pipeline({ fields: [] }), against(ownField('seed', 'Seed', 'seed'), 2), none, words)
		).toBe(undefined);
		expect(whyNotWith(pipeline({ inputs: [clip] }), undefined, none, words)).toBe('Restyle needs Clip');
		expect(whyNotWith(pipeline({ inputs: [clip] }), undefined, new Set(['clip']), words)).toBeUndefined();
		const asleep = pipeline({ available: false, unavailable_reason: 'no worker' });
		expect(whyNotWith(asleep, undefined, none, words)).toBe('Restyle: no worker');
	});
});

describe('the contact sheet', () => {
	const made = (number: number, move: string, seed: number) =>
		take(number, { recipe: recipe({ params: { prompt: 'A ship', move }, seed }) });
	const takes = [made(1, 'pan', 9), made(2, 'tilt', 9), made(3, 'pan', 2), made(4, 'pan', 2)];

	it('finds what varies', () => {
		expect(varying(takes)).toEqual([
			{ name: 'move', values: ['pan', 'tilt'] },
			{ name: 'seed', values: [2, 9] }
		]);
		expect(varying([take(1), take(2)])).toEqual([]);
		expect(madeWith(take(1, { recipe: null }), 'seed')).toBeNull();
	});

	it('puts each take where it belongs', () => {
		const sheet = table(takes, 'seed', 'move');
		expect(sheet.columns).toEqual(['pan', 'tilt']);
		expect(sheet.rows.map((row) => row.cells.map((cell) => cell.map((one) => one.number)))).toEqual([
			[[3, 4], []],
			[[1], [2]]
		]);
		expect(table(takes, undefined, undefined).rows[0]?.cells[0]).toHaveLength(4);
	});
});
