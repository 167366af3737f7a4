import type { Box, Spot } from '../edits.ts';

/**
 * Lining up while dragging: edges and middles of what moves against those of the cards around it. Pure; in board pixels.
 */

export interface Guide {
	from: Spot;
	to: Spot;
}

export interface Aligned {
	/** How far the moving box goes to stand in line. */
	by: Spot;
	guides: Guide[];
}

type Axis = 'x' | 'y';

const long = { x: 'width', y: 'height' } as const;
const across = { x: 'y', y: 'x' } as const;
const places = (box: Box, axis: Axis): number[] => {
	const size = box[long[axis]];
	return [box[axis], box[axis] + size / 2, box[axis] + size];
};

/** What things are lined up with, found once for a drag: it is asked in each of its frames. */
export class Neighbours {
	readonly #boxes: readonly Box[];
	readonly #places: Record<Axis, readonly number[]>;

	constructor(boxes: readonly Box[]) {
		this.#boxes = boxes;
		this.#places = {
			x: boxes.flatMap((box) => places(box, 'x')),
			y: boxes.flatMap((box) => places(box, 'y'))
		};
	}

	/** Where a box goes that is at most so far from standing in line. */
	align(moving: Box, reach: number): Aligned {
		const by = { x: this.#nearest(moving, 'x', reach), y: this.#nearest(moving, 'y', reach) };
		const there = { ...moving, x: moving.x + (by.x ?? 0), y: moving.y + (by.y ?? 0) };
		const guides = (['x', 'y'] as const).flatMap((axis) =>
			by[axis] === undefined ? [] : linesOf(there, this.#boxes, axis)
		);
		return { by: { x: by.x ?? 0, y: by.y ?? 0 }, guides };
	}

	#nearest(moving: Box, axis: Axis, reach: number): number | undefined {
		let found: number | undefined;
		let least = reach;
		for (const from of places(moving, axis))
			for (const to of this.#places[axis]) {
				const away = Math.abs(to - from);
				if (away > least || (away === least && found !== undefined)) continue;
				[found, least] = [to - from, away];
			}
		return found;
	}
}

/** One line for each place where it now stands in line, as long as the cards that share it. */
function linesOf(moving: Box, others: readonly Box[], axis: Axis): Guide[] {
	const other = across[axis];
	return places(moving, axis).flatMap((at): Guide[] => {
		const along = others.filter((box) => places(box, axis).some((place) => Math.abs(place - at) < 0.5));
		if (!along.length) return [];
		const all = [moving, ...along];
		const start = Math.min(...all.map((box) => box[other]));
		const end = Math.max(...all.map((box) => box[other] + box[long[other]]));
		return axis === 'x'
			? [{ from: { x: at, y: start }, to: { x: at, y: end } }]
			: [{ from: { x: start, y: at }, to: { x: end, y: at } }];
	});
}
