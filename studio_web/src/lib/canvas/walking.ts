import type { Doc } from '../project/ops.ts';
import type { Box } from './edits.ts';
import { middleOf } from './lens.ts';

/** Walking the board without a mouse: which card lies on a side, and where the wires lead. Pure. */

export type Way = 'left' | 'right' | 'up' | 'down';

export interface Standing extends Box {
	id: string;
}

/** Distance sideways counts more, so that a row is walked along before it is left. */
const ASIDE = 2.2;

export function neighbour(cards: readonly Standing[], from: Standing, way: Way): Standing | undefined {
	const here = middleOf(from);
	let best: { card: Standing; far: number } | undefined;
	for (const card of cards) {
		if (card.id === from.id) continue;
		const there = middleOf(card);
		const dx = there.x - here.x;
		const dy = there.y - here.y;
		const [ahead, aside] =
			way === 'left' ? [-dx, dy] : way === 'right' ? [dx, dy] : way === 'up' ? [-dy, dx] : [dy, dx];
		if (ahead <= 1) continue;
		const far = ahead + Math.abs(aside) * ASIDE;
		if (!best || far < best.far) best = { card, far };
	}
	return best?.card;
}

/** The card to begin with: the one nearest to a spot. */
export function nearest(cards: readonly Standing[], spot: { x: number; y: number }): Standing | undefined {
	const far = (card: Standing) => Math.hypot(middleOf(card).x - spot.x, middleOf(card).y - spot.y);
	return cards.reduce<Standing | undefined>(
		(best, card) => (best && far(best) <= far(card) ? best : card),
		undefined
	);
}

const spotOf = (doc: Doc, id: string) => doc.nodes.get(id) ?? { x: 0, y: 0 };

/** The cards at the other ends of a card's wires, the uppermost first. */
export function alongWires(doc: Doc, id: string, way: 'upstream' | 'downstream'): string[] {
	const ends = [...doc.edges.values()].flatMap((edge) =>
		way === 'upstream' ? (edge.target === id ? [edge.source] : []) : edge.source === id ? [edge.target] : []
	);
	return [...new Set(ends)].sort((a, b) => spotOf(doc, a).y - spotOf(doc, b).y);
}

/** The cards that feed or are fed by the same cards as this one, in board order: what up and down go through. */
export function beside(doc: Doc, id: string, by: -1 | 1): string | undefined {
	const down = alongWires(doc, id, 'downstream');
	const up = alongWires(doc, id, 'upstream');
	const same = down.length
		? down.flatMap((one) => alongWires(doc, one, 'upstream'))
		: up.flatMap((one) => alongWires(doc, one, 'downstream'));
	const all = [...new Set([id, ...same])].sort((a, b) => spotOf(doc, a).y - spotOf(doc, b).y);
	return all[all.indexOf(id) + by];
}
