import type { GraphEdge, GraphNode, Operation } from '../api/types.ts';
import { behind, into } from '../catalog/resolve.ts';
import type { Doc } from '../project/ops.ts';

/** The order of an assembler's cut. Pure; fetched with the first assembler. */

/** The wires into an assembler's cut, in cut order: `order` first, the rest by scene and code. */
export function cutList(doc: Doc, assembler: GraphNode, handle = 'clips'): GraphEdge[] {
	const order = Array.isArray(assembler.data.order) ? assembler.data.order.map(String) : [];
	const place = (edge: GraphEdge) => {
		const at = order.indexOf(edge.id);
		return at < 0 ? order.length : at;
	};
	return into(doc, assembler.id)
		.filter((edge) => edge.target_handle === handle)
		.sort(
			(a, b) =>
				place(a) - place(b) || shotName(doc, a).localeCompare(shotName(doc, b), 'en', { numeric: true })
		);
}

function shotName(doc: Doc, edge: GraphEdge): string {
	const { scene, code } = (behind(doc, edge) ?? doc.nodes.get(edge.source))?.data ?? {};
	return `${String(scene ?? '~')} ${String(code ?? '~')} ${edge.id}`;
}

/** Moves one shot of the cut by one place; the whole order is written, so that it holds from then on. */
export function moveCut(doc: Doc, assembler: GraphNode, edge: string, by: -1 | 1): Operation[] {
	const order = cutList(doc, assembler).map((one) => one.id);
	const from = order.indexOf(edge);
	const to = from + by;
	if (from < 0 || to < 0 || to >= order.length) return [];
	order.splice(to, 0, ...order.splice(from, 1));
	return [{ op: 'node.set', id: assembler.id, name: 'order', value: order }];
}
