import type { GraphEdge } from '../../api/types.ts';
import type { Doc } from '../../project/ops.ts';
import { holdersOf } from '../../project/nesting.ts';

/**
 * A collapsed scene seen from outside: which cards it stands for, and the sockets that cross its border. Pure.
 *
 * A socket of a collapsed scene is named `<card>.<socket>` after the one inside that it stands for; ids of cards have
 * no dot, so both can be read back.
 */

/** For every card that is not drawn, the collapsed scene that is drawn in its place. */
export function hiddenIn(doc: Doc, collapsed: ReadonlySet<string>): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	if (!collapsed.size) return found;
	for (const node of doc.nodes.values()) {
		if (!node.parent) continue;
		const stand = holdersOf(doc, node).findLast((one) => collapsed.has(one.id) && one.type === 'scene');
		if (stand) found.set(node.id, stand.id);
	}
	return found;
}

export interface End {
	node: string;
	handle: string;
}

const DOT = '.';

export const socketName = (node: string, handle: string): string => node + DOT + handle;

/** The card and socket that a socket of a collapsed scene stands for; any other end is what it says. */
export function realEnd(doc: Doc, node: string, handle: string): End {
	if (doc.nodes.get(node)?.type !== 'scene') return { node, handle };
	const at = handle.indexOf(DOT);
	return at < 0 ? { node, handle } : { node: handle.slice(0, at), handle: handle.slice(at + 1) };
}

export interface Crossing extends End {
	side: 'source' | 'target';
	wires: GraphEdge[];
}

/** The sockets of each collapsed scene through which wires go, as they are found in the document. */
export function crossings(doc: Doc, hidden: ReadonlyMap<string, string>): Map<string, Crossing[]> {
	const found = new Map<string, Map<string, Crossing>>();
	const note = (scene: string, side: Crossing['side'], node: string, handle: string, edge: GraphEdge) => {
		const own = found.get(scene) ?? new Map<string, Crossing>();
		found.set(scene, own);
		const key = `${side} ${node} ${handle}`;
		const had = own.get(key);
		if (had) had.wires.push(edge);
		else own.set(key, { node, handle, side, wires: [edge] });
	};
	if (!hidden.size) return new Map();
	for (const edge of doc.edges.values()) {
		const from = hidden.get(edge.source);
		const to = hidden.get(edge.target);
		if (from === to) continue;
		if (from !== undefined) note(from, 'source', edge.source, edge.source_handle, edge);
		if (to !== undefined) note(to, 'target', edge.target, edge.target_handle, edge);
	}
	return new Map([...found].map(([scene, own]) => [scene, [...own.values()]]));
}
