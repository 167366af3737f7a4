import { describe, expect, it } from 'vitest';
import { take } from './fixture.ts';
import { warningsOf } from './warnings.ts';

describe('what a take was warned of', () => {
	it('is a sentence a line', () => {
		const warned = { ...take(1), facts: { warnings: 'a.mov is damaged.\nTwo faces were found.' } };
		expect(warningsOf(warned)).toEqual(['a.mov is damaged.', 'Two faces were found.']);
	});

	it('is nothing where nothing was, or a fact of that name is no text', () => {
		expect(warningsOf(undefined)).toEqual([]);
		expect(warningsOf(take(1))).toEqual([]);
		expect(warningsOf({ ...take(1), facts: { warnings: 3 } })).toEqual([]);
	});
});
