import { describe, expect, it } from 'vitest';
import { covers, holds } from '../lens.ts';
import { boxOf, curve, distanceTo, gripAt, pathOf, pointAt } from './curve.ts';

const ahead = curve({ x: 0, y: 0 }, { x: 200, y: 100 });
const back = curve({ x: 200, y: 0 }, { x: 0, y: 300 });

describe('the line of a wire', () => {
	it('leaves to the right and arrives from the left', () => {
		expect(pathOf(ahead)).toBe('M0,0 C100,0 100,100 200,100');
		expect(back.out.x).toBeGreaterThan(200);
		expect(back.into.x).toBeLessThan(0);
	});

	it.each([ahead, back])('lies whole in its box', (line) => {
		for (let t = 0; t <= 1; t += 0.05) expect(holds(boxOf(line), pointAt(line, t))).toBe(true);
	});

	it('knows how far something is from it', () => {
		expect(distanceTo(ahead, { x: 100, y: 50 })).toBeLessThan(1);
		expect(distanceTo(ahead, { x: 0, y: -30 })).toBeCloseTo(30);
		expect(distanceTo(ahead, { x: 100, y: 90 })).toBeGreaterThan(15);
	});

	it('has a grip near each end, never past the middle', () => {
		expect(Math.hypot(gripAt(ahead, 'from', 26).x, gripAt(ahead, 'from', 26).y)).toBeGreaterThanOrEqual(26);
		const short = curve({ x: 0, y: 0 }, { x: 20, y: 0 });
		expect(gripAt(short, 'to', 26).x).toBeCloseTo(10);
		expect(covers(boxOf(short), { ...gripAt(short, 'from', 26), width: 0, height: 0 })).toBe(true);
	});
});
