import type { Operation, Take } from '../api/types.ts';

/** The parts that a long take was made of, as its pipeline measured them. Pure. */

export interface Part {
	/** 1, 2, 3 … */
	readonly number: number;
	/** Its first picture, from 0, and how many it has. */
	readonly start: number;
	readonly frames: number;
	/** How much brighter its average is than the first part's, and how far its colour lies, in levels of 255. */
	readonly light: number;
	readonly colour: number;
}

/** From so many levels on a difference can be seen. */
export const SEEN = 5;

const numbers = (fact: unknown): number[] => (typeof fact === 'string' ? fact.split(' ').map(Number) : []);

/** None for a take of one part, or of a pipeline that measures none. */
export function partsOf(take: Take): Part[] {
	// A take that an older studio told of has none.
	const facts: Take['facts'] | undefined = take.facts;
	const { part_starts, part_light, part_colour } = facts ?? {};
	const [starts, light, colour] = [numbers(part_starts), numbers(part_light), numbers(part_colour)];
	const whole = starts.length > 1 && light.length === starts.length && colour.length === starts.length;
	if (!whole || [...starts, ...light, ...colour].some((one) => !Number.isFinite(one))) return [];
	return starts.map((start, index) => ({
		number: index + 1,
		start,
		frames: (starts[index + 1] ?? take.frames ?? start) - start,
		light: light[index] ?? 0,
		colour: colour[index] ?? 0
	}));
}

/** What makes the take again with another try from a part on: the tries before it are not repeated. */
export function fromPart(node: string, take: Take, part: number): Operation[] {
	const before = take.recipe?.params.variation;
	const variation = typeof before === 'number' && take.recipe?.params.again ? before + 1 : 1;
	return [
		{ op: 'node.set', id: node, name: 'again', value: part },
		{ op: 'node.set', id: node, name: 'variation', value: variation }
	];
}
