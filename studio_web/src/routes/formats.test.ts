import { describe, expect, it } from 'vitest';
import type { Formats, PipelineType } from '#lib/api/types.ts';
import { chosen, meansHere, qualitiesOf, ratesOf, shapesOf } from './formats.ts';

const formats: Formats = {
	aspect_ratios: { '16:9': [1280, 720], '2.39:1': [1280, 536] },
	frame_rates: [{ value: '24000/1001', label: '23.976' }],
	qualities: ['low', 'high', 'experimental']
};

it('offers what the catalogue has', () => {
	expect(shapesOf(formats)).toEqual([
		{ value: '16:9', width: 1280, height: 720 },
		{ value: '2.39:1', width: 1280, height: 536 }
	]);
	expect(ratesOf(formats)).toEqual([
		{ value: '24000/1001', label: '23.976 fps', hint: 'Film, for broadcast' }
	]);
	expect(qualitiesOf(formats).map((offer) => offer.label)).toEqual(['Low', 'High', 'experimental']);
});

it('falls back to the first where the usual is not on offer', () => {
	expect(chosen([{ value: 'a' }, { value: 'b' }], 'b')).toBe('b');
	expect(chosen([{ value: 'a' }], 'b')).toBe('a');
	expect(chosen([], 'b')).toBe('');
});

describe('what a quality means here', () => {
	const pipeline = (title: string, over: Partial<PipelineType>): PipelineType => ({
		id: title,
		name: title,
		version: '1',
		title,
		description: '',
		task: 'generate-video',
		tier: 'production',
		inputs: [],
		fields: [],
		outputs: [],
		qualities: ['low', 'high'],
		available: true,
		unavailable_reason: '',
		cannot: [],
		license: '',
		egress: [],
		by_name: false,
		modes: [],
		...over
	});
	const animatic = pipeline('Animatic', { tier: 'previz' });

	it('says that drafts are drafts', () => {
		expect(meansHere([animatic], 'low')).toMatch(/drafts .* Animatic/);
	});

	it('names who makes finished pictures', () => {
		const text = meansHere([animatic, pipeline('Wan', {})], 'high');
		expect(text).toMatch(/made by Wan\.$/);
	});

	it('does not count what cannot run, does something else, or lacks the quality', () => {
		const others = [
			pipeline('Off', { available: false }),
			pipeline('Assemble', { task: 'assemble-film' }),
			pipeline('Quick', { qualities: ['low'] })
		];
		expect(meansHere(others, 'high')).toMatch(/^No pipeline/);
	});
});
