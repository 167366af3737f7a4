import { describe, expect, it } from 'vitest';
import { Sheet, shared } from './sheet.ts';

const all = (sheet: Sheet) => {
	let cells = 0;
	for (let found = sheet.take(); found; found = sheet.take()) cells += found.cells;
	return cells;
};

describe('a sheet', () => {
	it('holds the part that was asked for, in whole cells, each painted once', () => {
		const sheet = new Sheet({ x: -1000, y: 50, width: 8000, height: 4000 }, 0.1, 1);
		expect(sheet.holds({ x: -1000, y: 50, width: 8000, height: 4000 })).toBe(true);
		expect(sheet.holds(undefined)).toBe(true);
		expect(all(sheet)).toBe((sheet.width / 128) * (sheet.height / 128));
		expect(sheet.take()).toBeUndefined();
	});

	it('of another place keeps what both have, and lacks the rest', () => {
		const had = new Sheet({ x: 0, y: 0, width: 1270, height: 1270 }, 1, 1);
		all(had);
		const next = new Sheet({ x: 256, y: -128, width: 1270, height: 1270 }, 1, 1);
		expect(next.inherit(had)).toEqual({ x: -256, y: 128 });
		// One row above, and two columns to the right of the nine rows below it.
		expect(all(next)).toBe(10 + 2 * 9);
	});

	it('lacks where another lacked it', () => {
		const had = new Sheet({ x: 0, y: 0, width: 1270, height: 1270 }, 1, 1);
		all(had);
		had.soil({ x: 300, y: 300, width: 1, height: 1 });
		const next = new Sheet({ x: 256, y: 256, width: 1000, height: 1000 }, 1, 1);
		next.inherit(had);
		expect(next.take()?.part).toEqual({ x: 256, y: 256, width: 128, height: 128 });
		expect(next.missing).toBe(0);
	});

	it('is painted again where something changed, and nowhere else', () => {
		const sheet = new Sheet({ x: 0, y: 0, width: 12700, height: 12700 }, 0.1, 1);
		all(sheet);
		sheet.soil({ x: 1200, y: 100, width: 288, height: 600 });
		expect(sheet.take()).toMatchObject({ at: { x: 0, y: 0, width: 256, height: 128 }, cells: 2 });
		sheet.soil({ x: -900, y: -900, width: 100, height: 100 });
		sheet.soil({ x: 90000, y: 0, width: 100, height: 100 });
		expect(sheet.missing).toBe(0);
	});

	it('knows finer screens', () => {
		const sheet = new Sheet({ x: 0, y: 0, width: 1000, height: 1000 }, 0.1, 2);
		expect([sheet.width, sheet.area.width]).toEqual([256, 1280]);
	});
});

it('shares what lies in both boxes', () => {
	const box = { x: 0, y: 0, width: 10, height: 10 };
	expect(shared(box, { x: 5, y: -5, width: 10, height: 10 })).toEqual({ x: 5, y: 0, width: 5, height: 5 });
	expect(shared(box, { x: 10, y: 0, width: 5, height: 5 })).toBeUndefined();
});
