import type { GraphNode, Operation } from '../../api/types.ts';
import { apply, newNodeId, type Doc } from '../../project/ops.ts';
import type { Box, Spot } from '../edits.ts';
import { freeSize } from '../geometry.ts';
import { holds, middleOf } from '../lens.ts';
import { freeNumber, renumbered, sceneNumber, type HasTakes } from './numbering.ts';
import {
	above,
	around,
	boxOf,
	childBoxes,
	children,
	cornerOf,
	isScene,
	openSizes,
	originOf,
	outermost,
	contents,
	type Sizes
} from './tree.ts';

/**
 * Scenes as frames that cards lie in: made, taken apart, resized, and cards put in and out. Pure; every function
 * returns the operations of one undo step.
 */

/** Room between a scene's border and its cards; above them there is the title too. */
export const PAD = 28;
export const TITLE = 44;
export const LEAST = { width: 280, height: 180 };

export interface Grouped {
	id: string;
	operations: Operation[];
}

/** The scene that all the cards lie in, or null for the board. */
function commonScene(doc: Doc, ids: readonly string[]): string | null {
	const [first, ...rest] = ids.map((id) => above(doc, id));
	return first?.find((scene) => rest.every((scenes) => scenes.includes(scene))) ?? null;
}

/** Puts a frame around cards. They keep their place on the board. */
export function group(
	doc: Doc,
	ids: Iterable<string>,
	sizes: Sizes,
	hasTakes: HasTakes,
	makeId: () => string = newNodeId
): Grouped | undefined {
	const cards = outermost(doc, ids);
	if (!cards.length) return undefined;
	const box = around(cards.map((id) => boxOf(doc, id, openSizes(doc, sizes))));
	const parent = commonScene(doc, cards);
	const origin = originOf(doc, parent);
	const corner = { x: box.x - PAD, y: box.y - TITLE - PAD / 2 };
	const number = numberFor(doc, cards);
	const scene: GraphNode = {
		id: makeId(),
		type: 'scene',
		x: Math.round(corner.x - origin.x),
		y: Math.round(corner.y - origin.y),
		parent,
		data: {
			scene: number,
			width: Math.round(Math.max(LEAST.width, box.width + 2 * PAD)),
			height: Math.round(Math.max(LEAST.height, box.height + TITLE + 1.5 * PAD))
		}
	};
	const moves = cards.map((id): Operation => {
		const at = cornerOf(doc, id);
		return {
			op: 'node.move',
			id,
			x: Math.round(at.x - origin.x - scene.x),
			y: Math.round(at.y - origin.y - scene.y),
			parent: scene.id
		};
	});
	const inside = cards.flatMap((id) => (isScene(doc.nodes.get(id)) ? [] : [id]));
	return {
		id: scene.id,
		operations: [{ op: 'node.add', node: scene }, ...moves, ...renumbered(doc, inside, number, hasTakes)]
	};
}

/** The number the cards have in common, if no other scene goes by it; else the next free one. */
function numberFor(doc: Doc, cards: readonly string[]): string {
	const numbers = new Set(
		cards.flatMap((id) => {
			const node = doc.nodes.get(id);
			return node && !isScene(node) && typeof node.data.scene === 'string' ? [node.data.scene] : [];
		})
	);
	const [only] = numbers;
	const used = [...doc.nodes.values()].some((node) => isScene(node) && node.data.scene === only);
	return numbers.size === 1 && only !== undefined && !used ? only : freeNumber(doc);
}

/** Takes frames away and leaves their cards where they are. */
export function ungroup(doc: Doc, ids: Iterable<string>): Operation[] {
	const scenes = [...ids].filter((id) => isScene(doc.nodes.get(id)));
	// The innermost first, so that a card that leaves two frames at once ends in the right place.
	scenes.sort((a, b) => above(doc, b).length - above(doc, a).length);
	const operations: Operation[] = [];
	let now = doc;
	const add = (operation: Operation) => {
		operations.push(operation);
		now = apply(now, [operation]);
	};
	for (const scene of scenes) {
		const frame = now.nodes.get(scene);
		if (!frame) continue;
		for (const id of children(now, scene)) {
			const node = now.nodes.get(id);
			if (node)
				add({ op: 'node.move', id, x: node.x + frame.x, y: node.y + frame.y, parent: frame.parent ?? null });
		}
		add({ op: 'node.remove', id: scene });
	}
	return operations;
}

/** The cards and everything in those of them that are scenes, what lies inside first: so undo brings scenes first. */
export function withContents(doc: Doc, ids: Iterable<string>): string[] {
	const all = new Set<string>();
	for (const id of ids) for (const one of [id, ...contents(doc, id)]) if (doc.nodes.has(one)) all.add(one);
	return [...all].sort((a, b) => above(doc, b).length - above(doc, a).length);
}

/** Where cards are on the board right now; in the midst of a drag that is not what the document says. */
export type Boxes = (id: string) => Box;

/** The scenes that cards may be put into, the innermost first: none that is among them or in one of them. */
function rooms(
	doc: Doc,
	boxes: Boxes,
	moving: ReadonlySet<string>,
	folded: (id: string) => boolean
): { id: string; box: Box }[] {
	const found: { id: string; box: Box; depth: number }[] = [];
	for (const node of doc.nodes.values()) {
		if (!isScene(node) || moving.has(node.id)) continue;
		const up = above(doc, node.id);
		if (!up.some((one) => moving.has(one) || folded(one)))
			found.push({ id: node.id, box: boxes(node.id), depth: up.length });
	}
	return found.sort((one, other) => other.depth - one.depth);
}

/** The innermost scene at a spot of the board. */
export function sceneAt(
	doc: Doc,
	spot: Spot,
	boxes: Boxes,
	folded: (id: string) => boolean = () => false
): string | null {
	return rooms(doc, boxes, new Set(), folded).find((room) => holds(room.box, spot))?.id ?? null;
}

/** Where these cards would land: the scene under the middle of each. */
export function targets(
	doc: Doc,
	ids: Iterable<string>,
	boxes: Boxes,
	folded: (id: string) => boolean = () => false
): Map<string, string | null> {
	const cards = outermost(doc, ids);
	const open = rooms(doc, boxes, new Set(cards), folded);
	return new Map(
		cards.map((id) => {
			const middle = middleOf(boxes(id));
			return [id, open.find((room) => holds(room.box, middle))?.id ?? null];
		})
	);
}

/**
 * Finished moves, with the scene that each card now lies in: one batch of parent and place. A card put into a scene is
 * kept clear of the title, the frame grows where it sticks out, and a shot without takes takes the scene's number.
 */
export function settle(
	doc: Doc,
	moves: readonly Operation[],
	sizes: Sizes,
	hasTakes: HasTakes,
	folded: (id: string) => boolean = () => false
): Operation[] {
	const moved = apply(doc, moves);
	const ids = moves.flatMap((move) => (move.op === 'node.move' ? [move.id] : []));
	const into = targets(moved, ids, (id) => boxOf(moved, id, sizes), folded);
	const operations = moves.map((move): Operation => {
		const scene = move.op === 'node.move' ? into.get(move.id) : undefined;
		if (move.op !== 'node.move' || scene === undefined) return move;
		if (scene === (doc.nodes.get(move.id)?.parent ?? null)) return move;
		return { ...placeIn(moved, move.id, scene, sizes, folded), parent: scene };
	});
	const changed = operations.flatMap((one) =>
		one.op === 'node.move' && one.parent !== undefined ? [{ id: one.id, scene: one.parent }] : []
	);
	const after = apply(doc, operations);
	for (const scene of new Set(changed.flatMap((one) => one.scene ?? []))) {
		operations.push(...roomFor(after, scene, sizes));
		const cards = changed.filter((one) => one.scene === scene).map((one) => one.id);
		operations.push(...renumbered(after, cards, sceneNumber(after, scene), hasTakes));
	}
	return operations;
}

/** In a collapsed scene nobody sees a place: the card goes below what is there. */
function placeIn(
	doc: Doc,
	id: string,
	scene: string | null,
	sizes: Sizes,
	folded: (id: string) => boolean
): { op: 'node.move'; id: string; x: number; y: number } {
	if (scene !== null && folded(scene)) {
		return { op: 'node.move', id, x: PAD, y: belowIn(doc, scene, sizes) };
	}
	const at = cornerOf(doc, id);
	const origin = originOf(doc, scene);
	const x = Math.round(at.x - origin.x);
	const y = Math.round(at.y - origin.y);
	if (scene === null) return { op: 'node.move', id, x, y };
	return { op: 'node.move', id, x: Math.max(x, PAD / 2), y: Math.max(y, TITLE) };
}

/** How far down a scene's cards reach, counted from its corner, with a gap below them. */
export function belowIn(doc: Doc, scene: string, sizes: Sizes): number {
	let bottom = TITLE;
	for (const box of childBoxes(doc, scene, openSizes(doc, sizes)))
		bottom = Math.max(bottom, box.y + box.height + PAD);
	return Math.round(bottom);
}

/** Makes a frame as large as what lies in it needs, and the frames around it as large as that needs. */
export function roomFor(doc: Doc, scene: string, sizes: Sizes): Operation[] {
	const operations: Operation[] = [];
	let now = doc;
	for (const one of [scene, ...above(doc, scene)]) {
		const node = now.nodes.get(one);
		const cards = childBoxes(now, one, openSizes(now, sizes));
		if (!node || !cards.length) continue;
		const frame = freeSize(node) ?? LEAST;
		const need = around(cards);
		const size = setSize(now, one, {
			width: Math.max(frame.width, need.x + need.width + PAD / 2),
			height: Math.max(frame.height, need.y + need.height + PAD / 2)
		});
		operations.push(...size);
		now = apply(now, size);
	}
	return operations;
}

function setSize(doc: Doc, scene: string, size: { width: number; height: number }): Operation[] {
	const own = doc.nodes.get(scene)?.data;
	return (['width', 'height'] as const).flatMap((name): Operation[] => {
		const value = Math.round(size[name]);
		return own?.[name] === value ? [] : [{ op: 'node.set', id: scene, name, value }];
	});
}

/** The smallest frame, counted from the scene's corner, that holds what lies in it. */
export function tightFrame(doc: Doc, scene: string, sizes: Sizes): Box | undefined {
	const cards = childBoxes(doc, scene, openSizes(doc, sizes));
	if (!cards.length) return undefined;
	const need = around(cards);
	return {
		x: need.x - PAD,
		y: need.y - TITLE - PAD / 2,
		width: Math.max(LEAST.width, need.width + 2 * PAD),
		height: Math.max(LEAST.height, need.height + TITLE + 1.5 * PAD)
	};
}

/** Gives a scene another frame, counted from its present corner. Its cards stay where they are on the board. */
export function reframe(doc: Doc, scene: string, frame: Box): Operation[] {
	const node = doc.nodes.get(scene);
	if (!node) return [];
	const [dx, dy] = [Math.round(frame.x), Math.round(frame.y)];
	const moves: Operation[] =
		dx === 0 && dy === 0
			? []
			: [
					{ op: 'node.move', id: scene, x: node.x + dx, y: node.y + dy },
					...children(doc, scene).flatMap((id): Operation[] => {
						const card = doc.nodes.get(id);
						return card ? [{ op: 'node.move', id, x: card.x - dx, y: card.y - dy }] : [];
					})
				];
	return [...moves, ...setSize(doc, scene, frame)];
}

/** A frame that was pulled by an edge, kept large enough for its cards. `dx`, `dy` are how far the pointer went. */
export function pulled(
	size: { width: number; height: number },
	edge: string,
	dx: number,
	dy: number,
	need: Box | undefined
): Box {
	const keep = need ?? { x: size.width - LEAST.width, y: size.height - LEAST.height, ...LEAST };
	const right = edge.includes('e')
		? Math.max(size.width + dx, need ? need.x + need.width - PAD / 2 : LEAST.width)
		: size.width;
	const bottom = edge.includes('s')
		? Math.max(size.height + dy, need ? need.y + need.height - PAD / 2 : LEAST.height)
		: size.height;
	const left = edge.includes('w') ? Math.min(dx, keep.x + PAD / 2, right - LEAST.width) : 0;
	const top = edge.includes('n') ? Math.min(dy, keep.y + PAD / 2, bottom - LEAST.height) : 0;
	return {
		x: left,
		y: top,
		width: Math.max(right - left, LEAST.width),
		height: Math.max(bottom - top, LEAST.height)
	};
}
