import type { GraphNode, Take } from '../api/types.ts';
import { isKeeper, turnedDown, type Choice } from './marks.ts';

/** Which takes are put side by side, and how a picture is zoomed. Pure; the comparison shows it. */

export const LETTERS = ['A', 'B', 'C', 'D'] as const;
export const MOST = LETTERS.length;

/** A take that is one picture: it has no clock. */
export const isStill = (take: Take): boolean => take.mime.startsWith('image/');

interface Card {
	node: GraphNode;
	/** Oldest first. */
	takes: readonly Take[];
	shown: Take | undefined;
}

/**
 * What is compared at first: of one card its active take and the best others (keepers, then the newest, rejected ones
 * last); of several cards the take that each shows.
 */
export function firstCompared(cards: readonly Card[]): Choice[] {
	const having = cards.filter((card) => card.takes.length > 0);
	const [only] = having;
	if (having.length > 1)
		return having
			.slice(0, MOST)
			.flatMap(({ node, shown }) => (shown ? [{ node: node.id, take: shown.name }] : []));
	if (!only) return [];
	const { node, takes, shown } = only;
	const rank = (take: Take) =>
		turnedDown(node.data, take.name) !== undefined ? 2 : isKeeper(node.data, take.name) ? 0 : 1;
	const others = takes
		.filter((take) => take !== shown)
		.reverse()
		.sort((a, b) => rank(a) - rank(b));
	const keepers = others.filter((take) => rank(take) === 0).length;
	// Keepers are what one has to choose between; without any, the one before is enough.
	return [...(shown ? [shown] : []), ...others]
		.slice(0, Math.min(MOST, 1 + Math.max(1, keepers)))
		.map((take) => ({ node: node.id, take: take.name }));
}

export interface Zoom {
	/** 1 = the picture fills its frame. */
	scale: number;
	/** Of the picture's middle, in parts of the frame. */
	x: number;
	y: number;
}

export const FIT: Zoom = { scale: 1, x: 0, y: 0 };

/** Never so far that the frame shows nothing of the picture. */
export function held({ scale, x, y }: Zoom): Zoom {
	const free = (scale - 1) / 2;
	const inside = (at: number) => Math.max(-free, Math.min(free, at));
	return { scale, x: inside(x), y: inside(y) };
}

/** Zooms by a factor around a point of the frame, from -0.5 to 0.5, which stays where it is. */
export function zoomed(now: Zoom, by: number, at: { x: number; y: number }): Zoom {
	const scale = Math.max(1, Math.min(16, now.scale * by));
	const grown = scale / now.scale;
	return held({ scale, x: at.x - (at.x - now.x) * grown, y: at.y - (at.y - now.y) * grown });
}
