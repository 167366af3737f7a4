import { expect, it } from 'vitest';
import { pinched } from './pinch.ts';

const view = { x: 100, y: 50, zoom: 0.5 };
const from = { x: 300, y: 250, apart: 100 };

it('what lay between the fingers lies between them still', () => {
	const to = { x: 340, y: 230, apart: 160 };
	const now = pinched(view, from, to, 0.02, 2);
	expect(now.zoom).toBeCloseTo(0.8);
	expect((to.x - now.x) / now.zoom).toBeCloseTo((from.x - view.x) / view.zoom);
	expect((to.y - now.y) / now.zoom).toBeCloseTo((from.y - view.y) / view.zoom);
});

it('goes no nearer and no farther than the board does', () => {
	expect(pinched(view, from, { ...from, apart: 9000 }, 0.02, 2).zoom).toBe(2);
	expect(pinched(view, from, { ...from, apart: 0.1 }, 0.02, 2).zoom).toBe(0.02);
});
