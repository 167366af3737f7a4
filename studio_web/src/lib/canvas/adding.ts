import type { GraphNode, Operation } from '../api/types.ts';
import type { LooseEnd } from '../catalog/connect.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { m } from '../i18n/messages.ts';
import { scene as words } from '#words/scenes.ts';
import { type Spot } from './edits.ts';
import { addWired, newNode } from './new-cards.ts';
import { placed, placeFor } from './placing.ts';
import { belowIn, PAD, TITLE } from './scenes/grouping.ts';
import { scenesOf, type Scenes } from './scenes/scenes.svelte.ts';
import { children, originOf } from './scenes/tree.ts';
import { spotFor } from './takes/place.ts';
import type { Workbench } from './workbench.svelte.ts';

/**
 * Adding cards: where somebody points, or where a film would have them. A card put onto a scene goes into it. Fetched
 * with the first card that is added.
 */

export interface Adding {
	/** A wire that the card is made for. */
	end?: LooseEnd | undefined;
	/** Where somebody points, if that is not the card's corner: it goes into the scene that is there. */
	point?: Spot;
	/** The scene it goes into without a look at where it lies. */
	scene?: string | null;
	data?: Record<string, unknown>;
}

/** Adds a card with its corner at a spot of the board, and selects it. */
export function addCard(bench: Workbench, type: string, at: Spot, how: Adding = {}): GraphNode {
	return put(bench, newNode(bench.catalog, bench.session.doc, type, at, how.data), how);
}

/** Adds a card that has its place already. */
export function put(bench: Workbench, made: GraphNode, { end, point, scene, data }: Adding = {}): GraphNode {
	const { doc } = bench.session;
	const scenes = scenesOf(bench);
	const title =
		typeof data?.name === 'string' ? data.name : (bench.catalog.type(made.type)?.title ?? made.type);
	const into = scene === undefined ? scenes.at(point ?? made) : scene;
	const { nodes, grow } = scenes.house([scenes.numbered(made)], into);
	const node = nodes[0] ?? made;
	const label =
		node.parent === null ? m.canvas.didAdd(title) : words.didAdd(title, scenes.nameOf(node.parent));
	const operations: Operation[] = [...addWired(bench.catalog, doc, node, end), ...grow];
	bench.session.edit(operations, { label });
	bench.board.select([scenes.shownFor(node.id)]);
	announce(label);
	return node;
}

/** Puts a card where a film would have it, and brings it into sight: in the scene that is selected, else on the board. */
export function addInSight(bench: Workbench, type: string, data?: Record<string, unknown>): void {
	const { board, camera, catalog, session } = bench;
	const scenes = scenesOf(bench);
	const middle = camera?.middle() ?? { x: 0, y: 0 };
	const node = scenes.numbered(newNode(catalog, session.doc, type, middle, data));
	const scene = scenes.wanted();
	const size = scenes.sizeOf(node);
	const taken = board.nodes.map((card) => placed(card, scenes.room(card.id)));
	const spot =
		scene === null
			? placeFor(size.surface, size, taken, middle)
			: inScene(bench, scenes, { ...node, parent: scene });
	const added = put(bench, { ...node, ...spot }, { scene, ...(data ? { data } : {}) });
	if (scene !== null) scenes.last = added.id;
	const shown = scenes.shownFor(added.id);
	camera?.reveal(
		shown === added.id ? { ...spot, ...size } : (board.box(shown) ?? { ...spot, ...size }),
		taken
	);
}

/** Where a film would have a card among those of its scene, as a place on the board. */
function inScene(bench: Workbench, scenes: Scenes, node: GraphNode & { parent: string }): Spot {
	const { doc } = bench.session;
	const origin = originOf(doc, node.parent);
	const first = { x: PAD, y: TITLE + PAD / 2 };
	const wished = children(doc, node.parent).length ? spotFor(bench, node) : first;
	// Left of the first card or above it there is no room in a frame: below them there is.
	const free = wished.x >= PAD / 2 && wished.y >= TITLE;
	const at = free ? wished : { x: PAD, y: belowIn(doc, node.parent, scenes.sizes) };
	return { x: origin.x + at.x, y: origin.y + at.y };
}
