import type { CardFacts, State } from './facts.ts';

/** Which cards a search means. Pure. */

export interface Question {
	text: string;
	/** Empty: whatever its state. */
	state: State | '';
	/** Empty: whatever kind of card. */
	type: string;
}

export const asksNothing = ({ text, state, type }: Question): boolean =>
	text.trim() === '' && state === '' && type === '';

/** Every word must be in one of a card's texts, in any order. */
export function matches(facts: CardFacts, { text, state, type }: Question): boolean {
	if (type !== '' && facts.type !== type) return false;
	if (state !== '' && !facts.states.has(state)) return false;
	const within = facts.texts.join('\n').toLowerCase();
	return text
		.toLowerCase()
		.split(/\s+/)
		.every((word) => within.includes(word));
}

interface Spot {
	id: string;
	x: number;
	y: number;
}

/** As a board is read: rows from the top, each from the left; what lies within a row's height is the same row. */
export function asRead<T extends Spot>(spots: readonly T[], rowHeight = 240): T[] {
	const rows: { y: number; spots: T[] }[] = [];
	for (const spot of [...spots].sort((a, b) => a.y - b.y)) {
		const row = rows.at(-1);
		if (row && spot.y - row.y < rowHeight) row.spots.push(spot);
		else rows.push({ y: spot.y, spots: [spot] });
	}
	return rows.flatMap((row) => row.spots.sort((a, b) => a.x - b.x));
}
