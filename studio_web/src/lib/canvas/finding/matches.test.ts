import { describe, expect, it } from 'vitest';
import type { CardFacts } from './facts.ts';
import { asksNothing, asRead, matches, type Question } from './matches.ts';

const facts: CardFacts = {
	id: 'a',
	type: 'shot',
	name: 'Shot 010',
	texts: ['Shot 010', '01 010', 'Mara looks at the harbour'],
	states: new Set(['failed', 'stale'])
};
const asked = (question: Partial<Question>): Question => ({ text: '', state: '', type: '', ...question });

describe('finding', () => {
	it.each<[Partial<Question>, boolean]>([
		[{ text: 'harbour' }, true],
		[{ text: 'HARBOUR mara' }, true],
		[{ text: '010 harbour' }, true],
		[{ text: 'harbour night' }, false],
		[{ state: 'stale' }, true],
		[{ state: 'running' }, false],
		[{ type: 'shot', state: 'failed', text: 'mara' }, true],
		[{ type: 'asset' }, false]
	])('%j', (question, hit) => {
		expect(matches(facts, asked(question))).toBe(hit);
	});

	it('asks nothing while nothing is filled in', () => {
		expect(asksNothing(asked({ text: '  ' }))).toBe(true);
		expect(asksNothing(asked({ state: 'failed' }))).toBe(false);
	});

	it('walks the board as it is read', () => {
		const spots = [
			{ id: 'c', x: 0, y: 500 },
			{ id: 'b', x: 300, y: 0 },
			{ id: 'a', x: 0, y: 40 },
			{ id: 'd', x: 300, y: 480 }
		];
		expect(asRead(spots).map((spot) => spot.id)).toEqual(['a', 'b', 'c', 'd']);
	});
});
