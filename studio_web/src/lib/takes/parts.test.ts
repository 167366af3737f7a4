import { describe, expect, it } from 'vitest';
import { take } from './fixture.ts';
import { fromPart, partsOf } from './parts.ts';

const FACTS = { part_starts: '0 77 149', part_light: '0.0 -3.5 12.1', part_colour: '0.0 1.0 2.5' };
const long = (facts: Record<string, string> = FACTS) => ({ ...take(1), frames: 150, facts });

describe('the parts of a take', () => {
	it('are read from what its pipeline measured', () => {
		expect(partsOf(long())).toEqual([
			{ number: 1, start: 0, frames: 77, light: 0, colour: 0 },
			{ number: 2, start: 77, frames: 72, light: -3.5, colour: 1 },
			{ number: 3, start: 149, frames: 1, light: 12.1, colour: 2.5 }
		]);
	});

	it('are none where there is one, or where the facts are nonsense', () => {
		expect(partsOf(long({}))).toEqual([]);
		expect(partsOf(long({ ...FACTS, part_starts: '0' }))).toEqual([]);
		expect(partsOf(long({ ...FACTS, part_light: '0.0 hello 1' }))).toEqual([]);
		expect(partsOf(long({ ...FACTS, part_colour: '0.0 1.0' }))).toEqual([]);
	});

	it('are made again another way at every try', () => {
		const first = long();
		const values = (of: typeof first) => fromPart('shot', of, 2).map((one) => 'value' in one && one.value);
		expect(values(first)).toEqual([2, 1]);
		const tried = { ...first, recipe: { ...first.recipe!, params: { again: 3, variation: 4 } } };
		expect(values(tried)).toEqual([2, 5]);
	});
});
