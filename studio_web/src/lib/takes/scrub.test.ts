import { describe, expect, it } from 'vitest';
import { cellAt, CELLS, frameOf, positionOf } from './scrub.ts';

describe('a sheet under the pointer', () => {
	it('shows the first picture at the left, the last at the right, and no other beyond', () => {
		expect([-0.2, 0, 0.039, 0.04, 0.5, 0.999, 1, 3].map(cellAt)).toEqual([0, 0, 0, 1, 12, 24, 24, 24]);
	});

	it('finds each picture on it', () => {
		expect(positionOf(0)).toBe('0% 0%');
		expect(positionOf(4)).toBe('100% 0%');
		expect(positionOf(7)).toBe('50% 25%');
		expect(positionOf(CELLS - 1)).toBe('100% 100%');
	});

	it('knows the frames they are', () => {
		expect(frameOf(0, 96)).toBe(0);
		expect(frameOf(CELLS - 1, 96)).toBe(95);
		expect(frameOf(12, 1)).toBe(0);
	});
});
