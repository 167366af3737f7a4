import type { Operation } from '../../api/types.ts';
import { apply, type Doc } from '../../project/ops.ts';
import { belowIn, PAD, roomFor } from './grouping.ts';
import { renumbered, sceneNumber, type HasTakes } from './numbering.ts';
import { above, boxOf, isScene, outermost, type Sizes } from './tree.ts';

/** Putting cards into a scene, or out of theirs, by naming it instead of by dragging. Pure. */

const GAP = 28;

/** The scenes that cards may be put into: none of themselves and none that lies in them. */
export function scenesFor(doc: Doc, ids: readonly string[]): string[] {
	const moving = new Set(ids);
	return [...doc.nodes.values()]
		.filter(
			(node) => isScene(node) && !moving.has(node.id) && !above(doc, node.id).some((up) => moving.has(up))
		)
		.map((node) => node.id);
}

/** Below what lies in the scene already, side by side; `null` puts them onto the board, right of the scene they leave. */
export function moveInto(
	doc: Doc,
	ids: readonly string[],
	scene: string | null,
	sizes: Sizes,
	hasTakes: HasTakes
): Operation[] {
	const cards = outermost(doc, ids).filter(
		(id) => (doc.nodes.get(id)?.parent ?? null) !== scene && id !== scene
	);
	if (!cards.length) return [];
	const moves = scene === null ? beside(doc, cards, sizes) : below(doc, cards, scene, sizes);
	const after = apply(doc, moves);
	if (scene === null) return moves;
	return [
		...moves,
		...roomFor(after, scene, sizes),
		...renumbered(after, cards, sceneNumber(after, scene), hasTakes)
	];
}

function below(doc: Doc, cards: readonly string[], scene: string, sizes: Sizes): Operation[] {
	const y = belowIn(doc, scene, sizes);
	let x = PAD;
	return cards.map((id) => {
		const move: Operation = { op: 'node.move', id, x, y, parent: scene };
		x += Math.round(sizes(id).width) + GAP;
		return move;
	});
}

function beside(doc: Doc, cards: readonly string[], sizes: Sizes): Operation[] {
	return cards.map((id): Operation => {
		const outer = above(doc, id).at(-1);
		const own = boxOf(doc, id, sizes);
		const frame = outer === undefined ? own : boxOf(doc, outer, sizes);
		return {
			op: 'node.move',
			id,
			x: Math.round(frame.x + frame.width + GAP),
			y: Math.round(own.y),
			parent: null
		};
	});
}
