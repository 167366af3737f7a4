import type { Operation } from '../../api/types.ts';
import { apply, type Doc } from '../../project/ops.ts';
import type { Box, Spot } from '../edits.ts';
import { holds, middleOf, touches } from '../lens.ts';
import { clear } from '../placing.ts';
import { roomFor } from './grouping.ts';
import { childBoxes, children, isScene, openSizes, type Sizes } from './tree.ts';

/** Room on the board for scenes: where a new one fits, and what goes aside when one opens. Pure. */

/** Far enough from the scene that a wire can bend. */
const BESIDE = 48;

/** The cards that lie where this one lies, in the same scene or on the board. */
const siblings = (doc: Doc, parent: string | null): readonly string[] =>
	parent === null
		? [...doc.nodes.values()].filter((node) => node.parent === null).map((node) => node.id)
		: children(doc, parent);

const boxIn = (doc: Doc, id: string, sizes: Sizes): Box => {
	const node = doc.nodes.get(id);
	return { x: node?.x ?? 0, y: node?.y ?? 0, ...openSizes(doc, sizes)(id) };
};

/** A free place for another scene of this size: right of it, or below it where that is nearer. */
export function beside(doc: Doc, scene: string, sizes: Sizes): Spot {
	const own = boxIn(doc, scene, sizes);
	const taken = siblings(doc, doc.nodes.get(scene)?.parent ?? null).map((id) => boxIn(doc, id, sizes));
	const right = clear(taken, { ...own, x: own.x + own.width + BESIDE }, 'right');
	const below = clear(taken, { ...own, y: own.y + own.height + BESIDE }, 'down');
	return right.x - own.x <= below.y - own.y + own.width ? right : below;
}

/**
 * Cards that lie in scenes that open, or on what those hold, moved to the nearest place that is free. What only reaches
 * over a frame's border stays, as do pinned cards.
 */
export function madeWay(
	doc: Doc,
	scenes: readonly string[],
	sizes: Sizes
): { operations: Operation[]; moved: number } {
	let now = doc;
	let moved = 0;
	const operations: Operation[] = [];
	const add = (more: readonly Operation[]) => {
		operations.push(...more);
		now = apply(now, more);
	};
	for (const scene of scenes) {
		const node = now.nodes.get(scene);
		if (!isScene(node)) continue;
		const frame = boxIn(now, scene, sizes);
		const parent = node?.parent ?? null;
		const inside = childBoxes(now, scene, openSizes(now, sizes)).map((box) => ({
			...box,
			x: box.x + frame.x,
			y: box.y + frame.y
		}));
		for (const id of siblings(now, parent)) {
			const card = now.nodes.get(id);
			const box = boxIn(now, id, sizes);
			if (!card || id === scene || card.data.pinned === true) continue;
			if (!holds(frame, middleOf(box)) && !inside.some((one) => touches(one, box))) continue;
			const taken = siblings(now, parent)
				.filter((one) => one !== id)
				.map((one) => boxIn(now, one, sizes));
			const free = (['right', 'down', 'left', 'up'] as const)
				.map((way) => clear(taken, box, way))
				// In a scene there is nothing left of its border or above its title.
				.filter((spot) => parent === null || (spot.x >= 0 && spot.y >= 0))
				.sort((a, b) => away(a, box) - away(b, box));
			const to = free[0];
			if (!to) continue;
			moved++;
			add([{ op: 'node.move', id, x: Math.round(to.x), y: Math.round(to.y) }]);
		}
		if (moved && parent !== null) add(roomFor(now, parent, sizes));
	}
	return { operations, moved };
}

const away = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.y - b.y);
