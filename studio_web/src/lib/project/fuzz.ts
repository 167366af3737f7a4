import type { GraphNode, Operation } from '../api/types.ts';
import { wire } from './ops.ts';

/** Random but repeatable edits for the tests of this folder; nothing of the page imports it. */

export type Dice = (sides: number) => number;

export function dice(seed: number): Dice {
	let state = seed;
	return (sides) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * sides);
	};
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const fields = ['prompt', 'seconds', 'seed'];

export function randomOperation(rnd: Dice): Operation {
	const id = ids[rnd(ids.length)] ?? 'a';
	const other = ids[rnd(ids.length)] ?? 'a';
	const name = fields[rnd(fields.length)] ?? 'prompt';
	const node: GraphNode = { id, type: 'shot', x: rnd(9), y: rnd(9), parent: null, data: { [name]: rnd(9) } };
	const edge = wire(id, 'take', other, rnd(2) ? 'start' : 'clips');
	const choices: Operation[] = [
		{ op: 'node.add', node },
		{ op: 'node.remove', id },
		{ op: 'node.move', id, x: rnd(99), y: rnd(99) },
		{ op: 'node.move', id, x: rnd(99), y: rnd(99), parent: rnd(2) ? other : null },
		{ op: 'node.set', id, name, value: rnd(3) ? rnd(99) : null },
		{ op: 'edge.add', edge },
		{ op: 'edge.remove', id: edge.id }
	];
	return choices[rnd(choices.length)] ?? { op: 'node.add', node };
}

export function randomOperations(rnd: Dice, most: number): Operation[] {
	return Array.from({ length: 1 + rnd(most) }, () => randomOperation(rnd));
}
