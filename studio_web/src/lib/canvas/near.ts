import type { Card, Deck } from './deck.ts';
import type { Box } from './edits.ts';
import { touches } from './lens.ts';

/** Which cards are worth handing on, of all there are. Pure; the board and the overview ask. */

/**
 * The cards around an area and those that are on their way, with the scenes that hold them, parents first; those that
 * are chosen, too, where they are asked for.
 */
export function cardsNear(cards: readonly Card[], deck: Deck, area: Box, chosen: boolean): Card[] {
	const wanted = new Set<string>();
	const near = (card: Card): boolean => {
		const box = deck.box(card.id);
		return box !== undefined && touches(box, area);
	};
	for (const card of cards) {
		if (card.hidden || !((chosen && card.selected) || card.dragging || near(card))) continue;
		for (let up: Card | undefined = card; up && !wanted.has(up.id);) {
			wanted.add(up.id);
			up = up.parentId === undefined ? undefined : deck.card(up.parentId);
		}
	}
	return cards.filter((card) => wanted.has(card.id));
}

/** These cards and all that lie in them. Cards come after the card they lie in. */
export function withHeld(cards: readonly Card[], ids: readonly string[]): ReadonlySet<string> {
	const all = new Set(ids);
	for (const card of cards) if (card.parentId !== undefined && all.has(card.parentId)) all.add(card.id);
	return all;
}
