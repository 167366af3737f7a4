import type { Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { replacedBy, type Wire } from '../catalog/connect.ts';
import { heldBy, parentsFirst, within } from '../project/nesting.ts';
import { apply, wire, type Doc } from '../project/ops.ts';

/**
 * What people do on the board, as operations. Pure: the workbench sends them, tests read them.
 */

export interface Spot {
	x: number;
	y: number;
}

export interface Box extends Spot {
	width: number;
	height: number;
}

/** The operations that make a wire, cutting the one it replaces. */
export function connect(catalog: CatalogIndex, doc: Doc, asked: Wire): Operation[] {
	const edge = wire(asked.source, asked.source_handle, asked.target, asked.target_handle);
	if (doc.edges.has(edge.id)) return [];
	const cut = replacedBy(catalog, doc, asked).map((id): Operation => ({ op: 'edge.remove', id }));
	return [...cut, { op: 'edge.add', edge }];
}

/** The operations that plug a wire in elsewhere; none when it comes back to where it was. */
export function replug(catalog: CatalogIndex, doc: Doc, edge: string, asked: Wire): Operation[] {
	const out: Operation = { op: 'edge.remove', id: edge };
	const { id } = wire(asked.source, asked.source_handle, asked.target, asked.target_handle);
	if (id === edge) return [];
	return [out, ...connect(catalog, apply(doc, [out]), asked)];
}

/** The cards and all that lies in them, what lies inside first: taken back, a scene is there before its cards. */
const withHeld = (doc: Doc, ids: Iterable<string>): string[] => {
	const all = new Set([...ids].flatMap((id) => [id, ...heldBy(doc, id).map((node) => node.id)]));
	return [...parentsFirst(doc)].flatMap((node) => (all.has(node.id) ? [node.id] : [])).reverse();
};

export function remove(doc: Doc, nodes: Iterable<string>, edges: Iterable<string>): Operation[] {
	const gone = new Set(withHeld(doc, nodes));
	const cuts = [...edges].filter((id) => {
		const edge = doc.edges.get(id);
		return edge !== undefined && !gone.has(edge.source) && !gone.has(edge.target);
	});
	return [
		...cuts.map((id): Operation => ({ op: 'edge.remove', id })),
		...[...gone].map((id): Operation => ({ op: 'node.remove', id }))
	];
}

/** Cards that lie in a scene which moves too move with it. */
export function nudge(doc: Doc, ids: Iterable<string>, dx: number, dy: number): Operation[] {
	const chosen = new Set(ids);
	return [...chosen].flatMap((id): Operation[] => {
		const node = doc.nodes.get(id);
		return node && !within(doc, node, chosen)
			? [{ op: 'node.move', id, x: node.x + dx, y: node.y + dy }]
			: [];
	});
}
