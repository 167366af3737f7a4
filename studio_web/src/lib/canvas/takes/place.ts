import { resolve } from '#lib/catalog/resolve.ts';
import type { GraphNode } from '#lib/api/types.ts';
import { apply } from '#lib/project/ops.ts';
import type { Spot } from '../edits.ts';
import { layoutOf } from '../geometry.ts';
import { placeFor, type Placed } from '../placing.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** The cards that lie in the same place as another one: on the board, or in its scene. */
function beside(bench: Workbench, parent: string | null): Placed[] {
	return bench.board.nodes.flatMap((card) => {
		const { node, layout } = card.data;
		if ((node.parent ?? null) !== parent) return [];
		const { scene, code } = node.data;
		const order = typeof code === 'string' ? { order: `${String(scene ?? '')} ${code}` } : {};
		return [
			{ ...card.position, width: layout.width, height: layout.height, surface: layout.surface, ...order }
		];
	});
}

/** Where a new card goes among those of its scene, the way a film reads; `also` are cards that come with it. */
export function spotFor(bench: Workbench, node: GraphNode, also: readonly Placed[] = []): Placed {
	const doc = apply(bench.session.doc, [{ op: 'node.add', node }]);
	const { width, height, surface } = layoutOf(resolve(doc, node, bench.catalog), bench.aspect, 0, {
		unfolded: true
	});
	const middle: Spot = bench.camera?.middle() ?? { x: 0, y: 0 };
	const spot = placeFor(surface, { width, height }, [...beside(bench, node.parent), ...also], middle);
	return { x: Math.round(spot.x), y: Math.round(spot.y), width, height, surface };
}
