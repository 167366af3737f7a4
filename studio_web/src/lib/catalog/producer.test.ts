import { expect, it } from 'vitest';
import type { GraphNode, NodeType } from '../api/types.ts';
import { asideBelow } from './producer.ts';

const improves = { improves: true } as NodeType;
const card = (min_quality: unknown) => ({ data: { min_quality } }) as unknown as GraphNode;

it.each([
	['high', 'standard', 'high'],
	['standard', 'low', 'standard'],
	['standard', 'standard', undefined],
	['low', 'high', undefined],
	['nonsense', 'low', undefined],
	[undefined, 'low', undefined]
])('at least %s in a project at %s', (least, quality, aside) => {
	expect(asideBelow(improves, card(least), quality)).toBe(aside);
	expect(asideBelow({ improves: false } as NodeType, card(least), quality)).toBeUndefined();
	expect(asideBelow(improves, card(least), undefined)).toBeUndefined();
});
