import { describe, expect, it } from 'vitest';
import { boundsOf, covers, fitOf, grown, levelAt, sightOf, toBoard, touches, type Level } from './lens.ts';

const screen = { width: 1600, height: 900 };

describe('levels', () => {
	it.each<[number, Level]>([
		[1, 'card'],
		[0.64, 'card'],
		[0.5, 'tile'],
		[0.39, 'tile'],
		[0.3, 'overview'],
		[0.02, 'overview']
	])('at zoom %s show %s, wherever one comes from', (zoom, level) => {
		for (const from of ['card', 'tile', 'overview'] as const) expect(levelAt(zoom, from)).toBe(level);
	});

	it('hold on a little past their end', () => {
		expect(levelAt(0.6, 'card')).toBe('card');
		expect(levelAt(0.6, 'tile')).toBe('tile');
		expect(levelAt(0.35, 'tile')).toBe('tile');
		expect(levelAt(0.35, 'overview')).toBe('overview');
	});
});

describe('what is in sight', () => {
	const view = { x: -100, y: 50, zoom: 0.5 };

	it('is the screen in board pixels', () => {
		expect(sightOf(view, screen)).toEqual({ x: 200, y: -100, width: 3200, height: 1800 });
		expect(toBoard(view, { x: 0, y: 50 })).toEqual({ x: 200, y: 0 });
	});

	it('touches what it shares a part with, and covers what is whole inside', () => {
		const sight = sightOf(view, screen);
		expect(touches(sight, { x: 0, y: 0, width: 201, height: 10 })).toBe(true);
		expect(touches(sight, { x: 0, y: 0, width: 200, height: 10 })).toBe(false);
		expect(covers(grown(sight, 0.1), sight)).toBe(true);
		expect(covers(sight, grown(sight, 0.1))).toBe(false);
	});
});

describe('fitting', () => {
	it('has everything in the middle, never larger than life', () => {
		expect(fitOf([{ x: 0, y: 0, width: 100, height: 100 }], screen)).toEqual({ x: 750, y: 400, zoom: 1 });
		const boxes = [0, 1, 2].map((n) => ({ x: n * 4000, y: n * 100, width: 288, height: 460 }));
		const fit = fitOf(boxes, screen);
		expect(fit && covers(sightOf(fit, screen), boundsOf(boxes) ?? { x: 0, y: 0, ...screen })).toBe(true);
	});

	it('says when there is nothing to fit', () => {
		expect(fitOf([], screen)).toBeUndefined();
	});

	it('takes more cards than a call takes arguments', () => {
		const boxes = Array.from({ length: 200_000 }, (_, n) => ({ x: n, y: 0, width: 1, height: 1 }));
		expect(boundsOf(boxes)?.width).toBe(200_000);
	});
});
