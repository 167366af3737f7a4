import { expect, it } from 'vitest';
import type { GraphNode } from '../../api/types.ts';
import { apply, docOf, wire } from '../../project/ops.ts';
import { contrast, counts, fieldsApart } from './contrast.ts';

const card = (id: string, data = {}, x = 0): GraphNode => ({ id, type: 'shot', x, y: 0, parent: null, data });
const doc = (...nodes: GraphNode[]) =>
	docOf({ nodes: Object.fromEntries(nodes.map((one) => [one.id, one])), edges: {} });

it('tells what came, went and changed, and leads back', () => {
	const now = doc(card('a', { prompt: 'new' }), card('b'), card('same'));
	const join = wire('a', 'take', 'c', 'clips');
	const then = apply(doc(card('a', { prompt: 'old' }), card('c'), card('same')), [
		{ op: 'edge.add', edge: join }
	]);
	const found = contrast(now, then);
	expect(Object.fromEntries(found.marks)).toEqual({ a: 'changed', c: 'back', same: 'same', b: 'gone' });
	expect([counts(found.marks), found.wires]).toEqual([{ same: 1, changed: 1, back: 1, gone: 1 }, 1]);
	const restored = apply(now, found.operations);
	expect([...restored.nodes.keys()].sort()).toEqual(['a', 'c', 'same']);
	expect(contrast(restored, then).operations).toEqual([]);
});

it('names the fields that are different', () => {
	expect(
		fieldsApart(card('a', { prompt: 'x', seed: 1 }), card('a', { prompt: 'y', seed: 1 }, 9), 'place')
	).toEqual(['place', 'prompt']);
});
