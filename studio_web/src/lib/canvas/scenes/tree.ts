import type { GraphNode } from '../../api/types.ts';
import type { Doc } from '../../project/ops.ts';
import type { Box, Spot } from '../edits.ts';
import { freeSize } from '../geometry.ts';
import { cornerOf as corner, holdersOf } from '../../project/nesting.ts';
import { boundsOf } from '../lens.ts';

/**
 * What lies in what, and where on the board that is: cards count from the corner of the scene they lie in.
 *
 * Pure. Everything about scenes reads the document through this and through project/nesting.ts.
 */

export interface Size {
	width: number;
	height: number;
}

/** How large a card is drawn; the board knows. */
export type Sizes = (id: string) => Size;

/**
 * How large cards are for a frame that holds them: a scene as large as it is when open, whoever sees it collapsed.
 * What a frame needs is everybody's, what is collapsed only the viewer's.
 */
export const openSizes =
	(doc: Doc, sizes: Sizes): Sizes =>
	(id) => {
		const node = doc.nodes.get(id);
		return (isScene(node) && node && freeSize(node)) || sizes(id);
	};

export const isScene = (node: GraphNode | undefined): boolean => node?.type === 'scene';

/** The scenes a card lies in, the innermost first. */
export function above(doc: Doc, id: string): string[] {
	const node = doc.nodes.get(id);
	return node?.parent ? holdersOf(doc, node).map((scene) => scene.id) : [];
}

const childrenOf = new WeakMap<Doc['nodes'], Map<string, string[]>>();

/** The cards that lie directly in a scene; one index per version of the nodes. */
export function children(doc: Doc, id: string): readonly string[] {
	let index = childrenOf.get(doc.nodes);
	if (!index) {
		index = new Map();
		for (const node of doc.nodes.values()) {
			if (!node.parent) continue;
			const list = index.get(node.parent);
			if (list) list.push(node.id);
			else index.set(node.parent, [node.id]);
		}
		childrenOf.set(doc.nodes, index);
	}
	return index.get(id) ?? [];
}

/** All that lies in a scene, scenes before what lies in them. */
export function contents(doc: Doc, id: string): string[] {
	const found = new Set<string>();
	const waiting = [...children(doc, id)];
	for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
		if (found.has(next) || next === id) continue;
		found.add(next);
		waiting.push(...children(doc, next));
	}
	return [...found];
}

/** Those of the cards that lie in none of the others. */
export function outermost(doc: Doc, ids: Iterable<string>): string[] {
	const chosen = new Set(ids);
	return [...chosen].filter((id) => doc.nodes.has(id) && !above(doc, id).some((one) => chosen.has(one)));
}

/** Where the corner of a card lies on the board. */
export function cornerOf(doc: Doc, id: string): Spot {
	const node = doc.nodes.get(id);
	return node ? corner(doc, node) : { x: 0, y: 0 };
}

/** The corner that the children of a scene count from; `null` is the board itself. */
export const originOf = (doc: Doc, scene: string | null): Spot =>
	scene === null ? { x: 0, y: 0 } : cornerOf(doc, scene);

export const boxOf = (doc: Doc, id: string, sizes: Sizes): Box => ({ ...cornerOf(doc, id), ...sizes(id) });

/** The boxes of a scene's own cards, counted from its corner. */
export const childBoxes = (doc: Doc, scene: string, sizes: Sizes): Box[] =>
	children(doc, scene).map((id) => ({
		x: doc.nodes.get(id)?.x ?? 0,
		y: doc.nodes.get(id)?.y ?? 0,
		...sizes(id)
	}));

export const around = (boxes: Iterable<Box>): Box => boundsOf(boxes) ?? { x: 0, y: 0, width: 0, height: 0 };
