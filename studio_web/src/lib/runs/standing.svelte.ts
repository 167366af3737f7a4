import { SvelteMap } from 'svelte/reactivity';
import type { CardState, CardStates } from '../api/types.ts';

/**
 * How what each card shows stands to the card: out of date and why, locked, missing. The studio works it out
 * (docs/protocol.md §7); a card that is not here is up to date, or makes nothing. Filled by the session.
 */
export class Standing {
	readonly cards = new SvelteMap<string, CardState>();
	/** Counts what came, for whom reading the whole map would be too dear. */
	news = $state(0);
	/** How many cards are out of date. */
	stale = $derived.by(() => {
		let count = 0;
		for (const card of this.cards.values()) if (card.state === 'stale') count++;
		return count;
	});

	load({ whole, cards }: CardStates): void {
		if (whole) for (const id of [...this.cards.keys()]) if (!cards[id]) this.cards.delete(id);
		for (const [id, state] of Object.entries(cards)) {
			if (state) this.cards.set(id, state);
			else this.cards.delete(id);
		}
		this.news++;
	}
}
