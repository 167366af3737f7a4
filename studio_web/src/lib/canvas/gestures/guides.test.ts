import { describe, expect, it } from 'vitest';
import type { Box } from '../edits.ts';
import { Neighbours } from './guides.ts';

const align = (moving: Box, others: Box[], reach: number) => new Neighbours(others).align(moving, reach);
const card = (x: number, y: number, width = 288, height = 460) => ({ x, y, width, height });

describe('lining up', () => {
	it('pulls an edge to an edge, and says where', () => {
		const { by, guides } = align(card(404, 93), [card(0, 90)], 6);
		expect(by).toEqual({ x: 0, y: -3 });
		expect(guides[0]).toEqual({ from: { x: 0, y: 90 }, to: { x: 692, y: 90 } });
	});

	it('pulls middles of cards of different size together', () => {
		const { by, guides } = align(card(30, 600, 232, 200), [card(0, 0)], 6);
		expect(by.x).toBe(-2);
		expect(guides).toEqual([{ from: { x: 144, y: 0 }, to: { x: 144, y: 800 } }]);
	});

	it('takes the nearest, on each axis by itself', () => {
		const { by } = align(card(4, 1000), [card(0, 0), card(6, 2000)], 6);
		expect(by.x).toBe(2);
		expect(by.y).toBe(0);
	});

	it('leaves alone what is far from every line', () => {
		expect(align(card(50, 700), [card(0, 0)], 6)).toEqual({ by: { x: 0, y: 0 }, guides: [] });
		expect(align(card(50, 700), [], 6).guides).toEqual([]);
	});
});
