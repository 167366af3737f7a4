import { describe, expect, it } from 'vitest';
import { index } from '../catalog/fixture.ts';
import { judge } from '../catalog/connect.ts';
import { resolve } from '../catalog/resolve.ts';
import { apply, emptyDoc } from '../project/ops.ts';
import { layoutOf } from './geometry.ts';
import { starterCards, type StarterName } from './starters.ts';

describe.each(['film', 'dialogue', 'montage'] as StarterName[])('the starter “%s”', (name) => {
	const operations = starterCards(index, emptyDoc, name, { x: 100, y: 50 }, 16 / 9);
	const doc = apply(emptyDoc, operations);
	const nodes = [...doc.nodes.values()];

	it('is shots with words, all wired into one cut', () => {
		const shots = nodes.filter((node) => node.type === 'shot');
		expect(shots.length).toBeGreaterThanOrEqual(3);
		expect(shots.every((shot) => String(shot.data.prompt).length > 20)).toBe(true);
		expect(shots.every((shot) => typeof shot.data.seconds === 'number')).toBe(true);
		expect(
			shots.some((shot) => 'move' in shot.data),
			'a setting the pipeline lacks'
		).toBe(false);
		expect(doc.edges.size).toBe(shots.length);
		for (const edge of doc.edges.values()) expect(judge(index, doc, edge)).toEqual({ ok: true });
	});

	it('covers no card with another', () => {
		const boxes = nodes.map((node) => ({
			x: node.x,
			y: node.y,
			...layoutOf(resolve(doc, node, index), 16 / 9, 6)
		}));
		const hits = boxes.filter((a, i) =>
			boxes.some(
				(b, j) =>
					i < j && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
			)
		);
		expect(hits).toEqual([]);
	});
});
