import { expect, it } from 'vitest';
import { apply } from '../../project/ops.ts';
import { cannotLink, duplicateLinked, followers, unlink } from './linked.ts';
import { board, card, scene, shot, wires } from './sketch.ts';

const doc = board(
	[
		scene('s', 0, 0, '01'),
		card('a', 20, 60, {
			parent: 's',
			data: { scene: '01', code: '010', prompt: 'rain', active_take: 't1', 'star:t1': true }
		}),
		card('v', 20, 200, { type: 'text', parent: 's', data: { value: 'wet' } }),
		shot('out', 900, 0, '02', '010')
	],
	wires(['v', 'value', 'a', 'prompt'], ['a', 'video', 'out', 'clip'])
);
let next = 0;
const makeId = () => `id${next++}`;

it('copies cards and inner wires, not takes, numbers, and wires over the border', () => {
	next = 0;
	const made = duplicateLinked(doc, 's', { x: 700, y: 0 }, makeId)!;
	const after = apply(doc, made.operations);
	expect(followers(after, 's')).toEqual(['s', made.id]);
	const copy = [...after.nodes.values()].find((node) => node.parent === made.id && node.type === 'shot');
	expect(copy?.data).toEqual({ prompt: 'rain', scene: '03', link: after.nodes.get('a')?.data.link });
	expect(copy?.data.link).toBeTruthy();
	expect(after.edges.size).toBe(3);
	expect(after.nodes.get('a')?.data.active_take).toBe('t1');
});

it('links a third to the same two', () => {
	const two = apply(doc, duplicateLinked(doc, 's', { x: 700, y: 0 }, makeId)!.operations);
	const three = apply(two, duplicateLinked(two, 's', { x: 1400, y: 0 }, makeId)!.operations);
	expect(followers(three, 's')).toHaveLength(3);
	expect(followers(apply(three, unlink(three, 's')), 's')).toEqual([]);
	expect(new Set([...three.nodes.values()].map((node) => node.data.link)).size).toBe(4);
});

it('frees the last one left, too', () => {
	const two = apply(doc, duplicateLinked(doc, 's', { x: 700, y: 0 }, makeId)!.operations);
	const free = apply(two, unlink(two, 's'));
	expect([...free.nodes.values()].some((node) => node.data.link)).toBe(false);
});

it('does not link a scene inside a linked one, nor around one', () => {
	const linked = apply(doc, duplicateLinked(doc, 's', { x: 700, y: 0 }, makeId)!.operations);
	const around = board([...linked.nodes.values(), scene('around', 0, 0, '09')], []);
	const moved = apply(around, [{ op: 'node.move', id: 's', x: 0, y: 0, parent: 'around' }]);
	expect(cannotLink(moved, 'around')).toBe('holds-linked');
	const inner = board([...linked.nodes.values(), scene('in', 0, 0, '09', 's')], []);
	expect(cannotLink(inner, 'in')).toBe('nested');
});
