import { describe, expect, it } from 'vitest';
import type { CardState } from '../api/types.ts';
import { Standing } from './standing.svelte.ts';

const state = (name: CardState['state']): CardState => ({
	state: name,
	take: null,
	direct: true,
	reasons: [],
	blocked: ''
});

describe('what the studio tells of the states of cards', () => {
	it('is kept until it is told otherwise', () => {
		const standing = new Standing();
		standing.load({ revision: 1, whole: true, cards: { a: state('stale'), b: state('locked') } });
		standing.load({ revision: 2, whole: false, cards: { a: null, c: state('stale') } });
		expect([...standing.cards.keys()].sort()).toEqual(['b', 'c']);
		expect(standing.stale).toBe(1);
	});

	it('begins anew with the whole of it', () => {
		const standing = new Standing();
		standing.load({ revision: 1, whole: true, cards: { a: state('stale') } });
		standing.load({ revision: 9, whole: true, cards: { b: state('missing') } });
		expect([...standing.cards.keys()]).toEqual(['b']);
	});
});
