import { describe, expect, it } from 'vitest';
import { centreOf, drawnSize, partOf } from './cropping.ts';

const photo = { width: 4000, height: 3000 };

describe('partOf', () => {
	it('is the largest part of the shape, in the middle', () => {
		expect(partOf(photo, 16 / 9, 1, { x: 0.5, y: 0.5 })).toEqual({ x: 0, y: 375, width: 4000, height: 2250 });
		expect(partOf(photo, 9 / 16, 1, { x: 0.5, y: 0.5 })).toMatchObject({ y: 0, width: 1687.5, height: 3000 });
	});

	it('never leaves the picture, however far it is pushed', () => {
		for (const centre of [-3, 0, 0.2, 1, 7])
			for (const zoom of [1, 1.7, 4]) {
				const part = partOf(photo, 1, zoom, { x: centre, y: 1 - centre });
				expect(part.x).toBeGreaterThanOrEqual(0);
				expect(part.y).toBeGreaterThanOrEqual(0);
				expect(part.x + part.width).toBeLessThanOrEqual(photo.width + 1e-9);
				expect(part.y + part.height).toBeLessThanOrEqual(photo.height + 1e-9);
				expect(part.width / part.height).toBeCloseTo(1, 9);
			}
	});

	it('gives the centre back that it really has', () => {
		const part = partOf(photo, 16 / 9, 2, { x: 9, y: 0.5 });
		expect(centreOf(photo, part)).toEqual({ x: 0.75, y: 0.5 });
	});

	it('draws even sizes, no larger than a screen of four thousand', () => {
		expect(drawnSize({ width: 333.4, height: 187.5 })).toEqual({ width: 334, height: 188 });
		expect(drawnSize({ width: 8000, height: 4500 })).toEqual({ width: 4096, height: 2304 });
	});
});
