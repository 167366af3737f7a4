import type { GraphEdge, GraphNode } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { accepts } from '../catalog/connect.ts';
import { behind, into, outputOf, resolve } from '../catalog/resolve.ts';
import type { Doc } from '../project/ops.ts';

/** What comes along wires into fields, as far as the board knows it. Pure. */

/** A value card's text or number. */
export function wiredValue(doc: Doc, edge: GraphEdge): string | undefined {
	const value = behind(doc, edge)?.data.value;
	return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}

/**
 * The wire that sets a field, as the studio would take it: one whose socket is gone or does not fit, or whose card is
 * muted, brings nothing, and the field's own value holds.
 */
export function setBy(
	catalog: CatalogIndex,
	doc: Doc,
	node: GraphNode,
	field: string
): GraphEdge | undefined {
	const edges = into(doc, node.id).filter((edge) => edge.target_handle === field);
	if (!edges.length) return undefined;
	const input = resolve(doc, node, catalog).inputs.find((spec) => spec.name === field);
	return edges.find((edge) => {
		const source = doc.nodes.get(edge.source);
		const output = source && outputOf(doc, source, edge.source_handle, catalog);
		return input && output && accepts(catalog, input.type, output.type) && behind(doc, edge);
	});
}
