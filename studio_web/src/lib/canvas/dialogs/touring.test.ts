import { expect, test } from 'vitest';
import { placed } from './touring.ts';

const page = { width: 1280, height: 800 };
const words = { width: 360, height: 160 };

test.each([
	['nothing', undefined],
	['a card in the middle', { x: 400, y: 100, width: 300, height: 500 }],
	['a button in the bar', { x: 900, y: 8, width: 28, height: 28 }],
	['a box at the right edge', { x: 1100, y: 300, width: 170, height: 200 }],
	['something at the bottom', { x: 100, y: 740, width: 900, height: 40 }],
	['nearly all of the page', { x: 20, y: 20, width: 1240, height: 760 }]
])('words about %s are on the page', (_name, about) => {
	const { x, y } = placed(words, about, page);
	expect(x).toBeGreaterThanOrEqual(16);
	expect(y).toBeGreaterThanOrEqual(16);
	expect(x + words.width).toBeLessThanOrEqual(page.width - 16);
	expect(y + words.height).toBeLessThanOrEqual(page.height - 16);
	if (!about || about.width > 1000) return;
	const apart =
		x >= about.x + about.width ||
		x + words.width <= about.x ||
		y >= about.y + about.height ||
		y + words.height <= about.y;
	expect(apart).toBe(true);
});
