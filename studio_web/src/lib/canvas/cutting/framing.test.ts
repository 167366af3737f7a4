import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../../api/types.ts';
import { emptyDoc, wire, type Doc } from '../../project/ops.ts';
import { kept, masterOf, MIDDLE, placedIn, versionsOf, windowOf } from './framing.ts';

const wide = 16 / 9;

describe('the window of a picture', () => {
	it('is the widest of the film’s shape around its point, and never leaves the picture', () => {
		const width = (9 / 16) ** 2;
		expect(windowOf(MIDDLE, wide, 9 / 16)).toMatchObject({ width, height: 1, top: 0 });
		expect(windowOf(MIDDLE, wide, 9 / 16).left).toBeCloseTo(0.5 - width / 2);
		expect(windowOf({ ...MIDDLE, x: 0.3 }, wide, 9 / 16).left).toBeCloseTo(0.3 - width / 2);
		expect(windowOf({ ...MIDDLE, x: 0 }, wide, 9 / 16).left).toBe(0);
		expect(windowOf({ ...MIDDLE, x: 1 }, wide, 9 / 16).left).toBeCloseTo(1 - width);
	});

	it('is smaller the closer it is, and can then move both ways', () => {
		const pane = windowOf({ x: 0.5, y: 0.9, scale: 2 }, wide, 1);
		expect(pane.height).toBe(0.5);
		expect(pane.top).toBe(0.5);
		expect(pane.width).toBeCloseTo(9 / 32);
	});

	it('places the picture so that only the window is seen', () => {
		expect(placedIn({ left: 0.25, top: 0, width: 0.5, height: 1 })).toBe(
			'left:-50%;top:0%;width:200%;height:100%'
		);
	});
});

it('keeps four figures, within bounds, and no scale that is none', () => {
	expect(kept({ x: 1 / 3, y: -2, scale: 1 })).toEqual({ x: 0.3333, y: 0 });
	expect(kept({ x: 2, y: 0.5, scale: 9 })).toEqual({ x: 1, y: 0.5, scale: 4 });
});

it('finds whose cut a card shows, and who shows it', () => {
	const card = (id: string, y: number): [string, GraphNode] => [
		id,
		{ id, type: 'assembler', x: 0, y, parent: null, data: {} }
	];
	const wires = [wire('f', 'edl', 'tall', 'edl'), wire('tall', 'edl', 'square', 'edl')];
	const doc: Doc = {
		...emptyDoc,
		nodes: new Map([card('f', 0), card('square', 2), card('tall', 1), card('other', 3)]),
		edges: new Map(wires.map((one) => [one.id, one]))
	};
	expect(masterOf(doc, 'square')).toBe('f');
	expect(versionsOf(doc, 'f').map((one) => one.id)).toEqual(['tall', 'square']);
	expect(versionsOf(doc, 'other')).toEqual([]);
});
