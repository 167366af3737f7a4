import type { GraphNode, Operation } from '../../api/types.ts';
import { apply, type Doc } from '../../project/ops.ts';
import { belowIn, PAD, roomFor, TITLE } from './grouping.ts';
import { sceneNumber } from './numbering.ts';
import { isScene, originOf, type Sizes } from './tree.ts';

/**
 * New cards in a scene: added where somebody points, pasted, duplicated, or brought as files. Pure.
 *
 * They come as a block with places on the board itself. It is kept clear of the scene's title, in a collapsed scene it
 * goes below what is there, and the frame grows for it, as do the frames around that one.
 */

export interface Housed {
	nodes: GraphNode[];
	/** What makes room for them, after they were added. */
	grow: Operation[];
}

export interface House {
	/** How large cards are drawn, the new ones too. */
	sizes: Sizes;
	folded?: (id: string) => boolean;
	/** Whether a card has a number in a scene. */
	numbered?: (node: GraphNode) => boolean;
}

const hasNumber = (node: GraphNode): boolean => typeof node.data.scene === 'string';

export function housed(doc: Doc, nodes: readonly GraphNode[], scene: string | null, house: House): Housed {
	if (scene === null || !isScene(doc.nodes.get(scene))) return { nodes: [...nodes], grow: [] };
	const { sizes, folded = () => false, numbered = hasNumber } = house;
	const ids = new Set(nodes.map((node) => node.id));
	const isTop = (node: GraphNode) => node.parent === null || !ids.has(node.parent);
	const tops = nodes.filter(isTop);
	const origin = originOf(doc, scene);
	let [left, top] = [Infinity, Infinity];
	for (const node of tops)
		[left, top] = [Math.min(left, node.x - origin.x), Math.min(top, node.y - origin.y)];
	const to = folded(scene)
		? { x: PAD, y: belowIn(doc, scene, sizes) }
		: { x: Math.max(left, PAD / 2), y: Math.max(top, TITLE) };
	const number = sceneNumber(doc, scene);
	const placed = nodes.map((node): GraphNode => {
		if (!isTop(node)) return node;
		const own = number !== undefined && !isScene(node) && numbered(node) ? { scene: number } : {};
		return {
			...node,
			parent: scene,
			x: Math.round(node.x - origin.x + to.x - left),
			y: Math.round(node.y - origin.y + to.y - top),
			data: { ...node.data, ...own }
		};
	});
	const after = apply(
		doc,
		placed.filter(isIn(scene)).map((node): Operation => ({ op: 'node.add', node }))
	);
	return { nodes: placed, grow: roomFor(after, scene, sizes) };
}

const isIn = (scene: string) => (node: GraphNode) => node.parent === scene;
