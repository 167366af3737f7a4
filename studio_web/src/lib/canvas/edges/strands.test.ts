import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../../api/types.ts';
import { index } from '../../catalog/fixture.ts';
import { apply, emptyDoc, wire } from '../../project/ops.ts';
import { Deck } from '../deck.ts';
import { Strands } from './strands.ts';

const add = (id: string, type: string, parent: string | null = null): Operation => ({
	op: 'node.add',
	node: { id, type, x: 0, y: 0, parent, data: { code: id } } satisfies GraphNode
});
const join = (from: string, to: string): Operation => ({
	op: 'edge.add',
	edge: wire(from, 'media', to, 'still')
});
const doc = apply(emptyDoc, [
	add('scene', 'scene'),
	...['img', 'a', 'b'].map((id) => add(id, id === 'img' ? 'asset' : 'shot')),
	add('inside', 'shot', 'scene'),
	join('img', 'a'),
	join('img', 'b'),
	join('img', 'inside')
]);

function strung() {
	const deck = new Deck();
	const { wires } = deck.deal(doc, index, 16 / 9);
	const kept = new Strands();
	const look = () => new Map(kept.of(wires, deck).map((one) => [one.wire.target, one]));
	const drag = (id: string, x: number) => {
		const card = deck.card(id);
		if (card) deck.moved([{ ...card, dragging: true, position: { x, y: card.position.y } }]);
	};
	return { look, drag };
}

describe('the wires that are drawn', () => {
	it('are drawn anew only where they hang on what was dragged', () => {
		const { look, drag } = strung();
		const before = look();
		drag('a', 400);
		const after = look();
		expect(after.get('a')?.path).not.toBe(before.get('a')?.path);
		expect(after.get('b')).toBe(before.get('b'));
		expect(look().get('a')).toBe(after.get('a'));
	});

	it('follow a card whose scene is dragged', () => {
		const { look, drag } = strung();
		const before = look();
		drag('scene', 400);
		expect(look().get('inside')?.line.to.x).toBe((before.get('inside')?.line.to.x ?? 0) + 400);
	});
});
