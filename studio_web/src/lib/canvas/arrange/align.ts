import type { Operation } from '../../api/types.ts';
import type { Doc } from '../../project/ops.ts';
import type { Box, Spot } from '../edits.ts';
import { around, boxOf, outermost, type Sizes } from '../scenes/tree.ts';

/** Lining cards up and spacing them evenly. Pure; cards that are pinned stay, and the others line up with them too. */

export type Edge = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';
export type Axis = 'across' | 'down';

interface Placed extends Box {
	id: string;
}

export const isPinned = (doc: Doc, id: string): boolean => doc.nodes.get(id)?.data.pinned === true;

/** Moves in the card's own coordinates: what lies in a scene moves by as much as on the board. */
export function shifted(doc: Doc, shifts: ReadonlyMap<string, Spot>): Operation[] {
	return [...shifts].flatMap(([id, by]): Operation[] => {
		const node = doc.nodes.get(id);
		if (!node || isPinned(doc, id)) return [];
		const x = Math.round(node.x + by.x);
		const y = Math.round(node.y + by.y);
		return x === node.x && y === node.y ? [] : [{ op: 'node.move', id, x, y }];
	});
}

const placed = (doc: Doc, ids: Iterable<string>, sizes: Sizes): Placed[] =>
	outermost(doc, ids).map((id) => ({ id, ...boxOf(doc, id, sizes) }));

const goals: Record<Edge, (box: Box, all: Box) => Spot> = {
	left: (box, all) => ({ x: all.x - box.x, y: 0 }),
	centre: (box, all) => ({ x: all.x + all.width / 2 - (box.x + box.width / 2), y: 0 }),
	right: (box, all) => ({ x: all.x + all.width - (box.x + box.width), y: 0 }),
	top: (box, all) => ({ x: 0, y: all.y - box.y }),
	middle: (box, all) => ({ x: 0, y: all.y + all.height / 2 - (box.y + box.height / 2) }),
	bottom: (box, all) => ({ x: 0, y: all.y + all.height - (box.y + box.height) })
};

/** Lines cards up along an edge of the box around them; a pinned card among them is what the others line up with. */
export function align(doc: Doc, ids: Iterable<string>, edge: Edge, sizes: Sizes): Operation[] {
	const boxes = placed(doc, ids, sizes);
	if (boxes.length < 2) return [];
	const pinned = boxes.filter((box) => isPinned(doc, box.id));
	const all = around(pinned.length ? pinned : boxes);
	return shifted(doc, new Map(boxes.map((box) => [box.id, goals[edge](box, all)])));
}

/** Spaces cards evenly between the first and the last of them. */
export function distribute(doc: Doc, ids: Iterable<string>, axis: Axis, sizes: Sizes): Operation[] {
	const at = (box: Box) => (axis === 'across' ? box.x : box.y);
	const long = (box: Box) => (axis === 'across' ? box.width : box.height);
	const boxes = placed(doc, ids, sizes).sort((a, b) => at(a) - at(b));
	const [first, last] = [boxes[0], boxes.at(-1)];
	if (!first || !last || boxes.length < 3) return [];
	const inner = boxes.slice(1, -1);
	const room = at(last) - (at(first) + long(first));
	const gap = (room - inner.reduce((sum, box) => sum + long(box), 0)) / (inner.length + 1);
	let next = at(first) + long(first) + gap;
	const shifts = new Map<string, Spot>();
	for (const box of inner) {
		const by = next - at(box);
		shifts.set(box.id, axis === 'across' ? { x: by, y: 0 } : { x: 0, y: by });
		next += long(box) + gap;
	}
	return shifted(doc, shifts);
}
