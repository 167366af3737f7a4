import type { Side } from '../../api/types.ts';

/** Two boards beside each other: which side each difference is taken from, and what a merge is told. Pure. */

export type Pick = 'mine' | 'theirs';
export type Who = Side['who'];

export interface CardSides {
	readonly id: string;
	readonly sides: readonly Side[];
}

/** What is taken where nobody chooses: what only one side changed is that side's; what both changed stays. */
export const usual = (side: Side): Pick => (side.who === 'theirs' ? 'theirs' : 'mine');

export const picked = (side: Side, picks: Readonly<Record<string, Pick>>): Pick =>
	picks[side.key] ?? usual(side);

/** By who changed them, card by card; what both changed first. */
export function grouped(sides: readonly Side[]): [Who, CardSides[]][] {
	return (['both', 'theirs', 'mine'] as const).flatMap((who): [Who, CardSides[]][] => {
		const cards = new Map<string, Side[]>();
		for (const side of sides)
			if (side.who === who) cards.set(side.node_id, [...(cards.get(side.node_id) ?? []), side]);
		return cards.size ? [[who, [...cards].map(([id, own]) => ({ id, sides: own }))]] : [];
	});
}

/** What the studio is told: everything that both changed, as it is shown, and what was chosen otherwise. */
export function choices(sides: readonly Side[], picks: Readonly<Record<string, Pick>>): Record<string, Pick> {
	return Object.fromEntries(
		sides
			.filter((side) => side.who === 'both' || picked(side, picks) !== usual(side))
			.map((side) => [side.key, picked(side, picks)])
	);
}

/** A value of a field as text: words as they are, the rest as JSON; empty where there is nothing. */
export const shown = (value: unknown): string =>
	value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
