import { expect, it } from 'vitest';
import { loudnessOf } from './made.ts';

it('is as loud as what it is made for, unless somebody said otherwise', () => {
	expect(loudnessOf({})).toBe('16');
	expect(loudnessOf({ delivery: 'youtube' })).toBe('14');
	expect(loudnessOf({ delivery: 'prores', loudness_target: 'auto' })).toBe('23');
	expect(loudnessOf({ delivery: 'youtube', loudness_target: 'off' })).toBe('off');
	expect(loudnessOf({ delivery: 'cinema' })).toBe('16');
});
