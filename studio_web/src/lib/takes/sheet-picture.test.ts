import { describe, expect, it } from 'vitest';
import {
	MOST_PIXELS,
	MOST_SIDE,
	planned,
	sheetName,
	type PicturedTake,
	type SheetPicture
} from './sheet-picture.ts';

const taken = (name: string): PicturedTake => ({
	name,
	src: null,
	previz: true,
	keeper: false,
	active: false,
	rejected: false
});
const sheet = (rows: SheetPicture['rows'], more: Partial<SheetPicture> = {}): SheetPicture => ({
	title: 'Shot 010',
	note: '',
	row: 'Move',
	column: 'Seed',
	columns: rows[0]?.cells.map((_, at) => String(at)) ?? [],
	rows,
	aspect: 16 / 9,
	words: { previz: 'PREVIZ', noPicture: 'No picture', missing: 'no take' },
	...more
});

describe('a contact sheet as a picture', () => {
	it('puts each take under its column, beside its row, and leaves no two on one place', () => {
		const plan = planned(
			sheet([
				{ label: 'pan', cells: [[taken('a'), taken('b')], [taken('c')]] },
				{ label: 'tilt', cells: [[], [taken('d')]] }
			])
		);
		const place = (name: string) => plan?.tiles.find((one) => one.take.name === name);
		expect(place('a')?.x).toBe(plan?.columns[0]);
		expect(place('b')?.x).toBe(plan?.columns[0]);
		expect(place('c')?.x).toBe(plan?.columns[1]);
		expect(place('a')?.y).toBe(plan?.rows[0]);
		expect(place('b')?.y).toBeGreaterThan(place('a')?.y ?? 0);
		expect(place('d')?.y).toBe(plan?.rows[1]);
		expect(plan?.rows[1]).toBeGreaterThan((place('b')?.y ?? 0) + (plan?.tile ?? 0) / (16 / 9));
		expect(plan?.holes).toEqual([{ x: plan?.columns[0], y: plan?.rows[1] }]);
	});

	it('without settings breaks the takes into lines', () => {
		const all = Array.from({ length: 20 }, (_, at) => taken(String(at)));
		const plan = planned(sheet([{ label: '', cells: [all] }], { row: '', column: '', columns: [''] }));
		expect(new Set(plan?.tiles.map((one) => one.y)).size).toBe(3);
		expect(plan && plan.width * plan.height).toBeLessThan(MOST_PIXELS);
	});

	it('shrinks to what a picture may be, and says when nothing helps', () => {
		const cell = [taken('x')];
		const many = (n: number) =>
			Array.from({ length: n }, () => ({ label: 'r', cells: Array.from({ length: n }, () => cell) }));
		const plan = planned(sheet(many(40)));
		expect(plan && Math.max(plan.width, plan.height)).toBeLessThanOrEqual(MOST_SIDE);
		expect(plan?.tile).toBeLessThan(400);
		expect(planned(sheet(many(150)))).toBeUndefined();
	});

	it('has a name that any file system takes', () => {
		expect(sheetName('harbour', 'SHOT-010', new Date(2026, 0, 31, 9, 5))).toBe(
			'harbour_SHOT-010_sheet_20260131-0905.png'
		);
		expect(sheetName('ä/b', '', new Date(2026, 0, 31, 9, 5))).toBe('b_sheet_20260131-0905.png');
	});
});
