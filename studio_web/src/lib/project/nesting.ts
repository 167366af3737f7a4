import type { GraphNode } from '../api/types.ts';
import type { Doc } from './ops.ts';

/**
 * Cards that lie in other cards: who holds whom, and in which order they are dealt. Pure.
 *
 * A parent that is gone, or one that would lie in itself, holds nothing: its cards are shown on the board.
 */

/** The card that a node lies in, if it is there. */
export function parentOf(doc: Pick<Doc, 'nodes'>, node: GraphNode): GraphNode | undefined {
	const parent = node.parent ? doc.nodes.get(node.parent) : undefined;
	return parent && !loops(doc, node) ? parent : undefined;
}

function loops(doc: Pick<Doc, 'nodes'>, node: GraphNode): boolean {
	const seen = new Set([node.id]);
	for (let up = node.parent; up; up = doc.nodes.get(up)?.parent ?? null) {
		if (seen.has(up)) return true;
		seen.add(up);
	}
	return false;
}

/** The cards that hold a node, from the inside out. */
export function holdersOf(doc: Doc, node: GraphNode): GraphNode[] {
	const holders: GraphNode[] = [];
	for (let up = parentOf(doc, node); up; up = parentOf(doc, up)) holders.push(up);
	return holders;
}

/** Where a card lies on the board itself; cards count from the corner of the scene they lie in. */
export function cornerOf(doc: Doc, node: GraphNode): { x: number; y: number } {
	const corner = { x: node.x, y: node.y };
	for (const scene of holdersOf(doc, node)) {
		corner.x += scene.x;
		corner.y += scene.y;
	}
	return corner;
}

/** Whether one of the cards that hold a node is among these. */
export const within = (doc: Doc, node: GraphNode, ids: ReadonlySet<string>): boolean =>
	node.parent !== null && holdersOf(doc, node).some((holder) => ids.has(holder.id));

/** All nodes in the order of the document, each after the card it lies in, as Svelte Flow wants them. */
export function parentsFirst(doc: Pick<Doc, 'nodes'>): Iterable<GraphNode> {
	const nodes = [...doc.nodes.values()];
	if (!nodes.some((node) => node.parent)) return nodes;
	const dealt = new Set<GraphNode>();
	const deal = (node: GraphNode): void => {
		if (dealt.has(node)) return;
		const parent = parentOf(doc, node);
		if (parent) deal(parent);
		dealt.add(node);
	};
	nodes.forEach(deal);
	return dealt;
}

/** The nodes that lie in a card, at any depth. */
export function heldBy(doc: Doc, id: string): GraphNode[] {
	const inside = new Set([id]);
	return [...parentsFirst(doc)].filter((node) => {
		const held = node.parent !== null && inside.has(node.parent) && parentOf(doc, node) !== undefined;
		if (held) inside.add(node.id);
		return held;
	});
}
