import type { GraphNode, SocketSpec } from '../api/types.ts';
import { edgeId, type Doc } from '../project/ops.ts';
import type { CatalogIndex } from './catalog-index.ts';
import { ANY, demanded, into, outputOf, resolve, REROUTE } from './resolve.ts';

/**
 * Whether a wire may be: the same rules, in the same order and words, as studio_server/domain/judge.py;
 * tests/data/judge.json is the table both are held to.
 *
 * Pure. Used while a wire is dragged, when it is dropped on a node or on the empty board, and for the add menu.
 */

export interface Wire {
	source: string;
	source_handle: string;
	target: string;
	target_handle: string;
}

export type Verdict = { ok: true } | { ok: false; reason: string };

export const NO_SOCKET = 'There is no such socket';
export const ITSELF = 'A card cannot feed itself';
export const LOOP = 'This would make a loop';

const yes: Verdict = { ok: true };
const no = (reason: string): Verdict => ({ ok: false, reason });

export function accepts(catalog: CatalogIndex, input: string, output: string): boolean {
	return (
		input === output || input === ANY || output === ANY || catalog.socket(input).accepts.includes(output)
	);
}

/** What people call what the sockets carry: A number does not fit where a picture goes. */
export function misfit(catalog: CatalogIndex, gives: string, takes: string): string {
	const text = `${catalog.socket(gives).noun} does not fit where ${catalog.socket(takes).noun} goes`;
	return text.charAt(0).toUpperCase() + text.slice(1);
}

export function judge(catalog: CatalogIndex, doc: Doc, wire: Wire): Verdict {
	const source = doc.nodes.get(wire.source);
	const target = doc.nodes.get(wire.target);
	if (!source || !target) return no(NO_SOCKET);
	const itself = edgeId(wire.source, wire.source_handle, wire.target, wire.target_handle);
	const output = outputOf(doc, source, wire.source_handle, catalog, itself);
	const input = resolve(doc, target, catalog).inputs.find((spec) => spec.name === wire.target_handle);
	if (!output || !input) return no(NO_SOCKET);
	if (wire.source === wire.target) return no(ITSELF);
	// A reroute takes what it feeds asks for: the wire it has now would be replaced.
	const taken = target.type === REROUTE ? demanded(doc, target, catalog, itself) : input.type;
	if (!accepts(catalog, taken, output.type)) return no(misfit(catalog, output.type, taken));
	return feeds(doc, wire.target, wire.source) ? no(LOOP) : yes;
}

/** Whether wires lead from one node to another. */
function feeds(doc: Doc, from: string, to: string): boolean {
	const seen = new Set<string>();
	const waiting = [to];
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		if (id === from) return true;
		if (seen.has(id)) continue;
		seen.add(id);
		for (const edge of into(doc, id)) waiting.push(edge.source);
	}
	return false;
}

/** One end of a wire that is being dragged. `source` = it comes out of an output. */
export interface LooseEnd {
	node: string;
	handle: string;
	side: 'source' | 'target';
}

export const wireFrom = (end: LooseEnd, node: string, handle: string): Wire =>
	end.side === 'source'
		? { source: end.node, source_handle: end.handle, target: node, target_handle: handle }
		: { source: node, source_handle: handle, target: end.node, target_handle: end.handle };

/** The socket of a node that a loose end goes into: the first free one that fits, else the first that fits. */
export function firstFit(
	catalog: CatalogIndex,
	doc: Doc,
	end: LooseEnd,
	node: GraphNode
): SocketSpec | undefined {
	const { inputs, outputs } = resolve(doc, node, catalog);
	const fitting = (end.side === 'source' ? inputs : outputs).filter(
		(spec) => judge(catalog, doc, wireFrom(end, node.id, spec.name)).ok
	);
	if (end.side === 'target') return fitting[0];
	const taken = new Set(into(doc, node.id).map((edge) => edge.target_handle));
	return fitting.find((spec) => spec.many || !taken.has(spec.name)) ?? fitting[0];
}

/**
 * The inputs a loose end may mean that is let go on a card: one, or folded ones that fit equally well. Inputs in sight
 * go first, unless it was let go on the row that stands for the folded ones.
 */
export function fitsOn(
	catalog: CatalogIndex,
	doc: Doc,
	end: LooseEnd,
	node: GraphNode,
	folded: readonly SocketSpec[] = [],
	onFolded = false
): readonly SocketSpec[] {
	const first = firstFit(catalog, doc, end, node);
	if (!first) return [];
	if (!folded.length || end.side === 'target') return [first];
	const taken = new Set(into(doc, node.id).map((edge) => edge.target_handle));
	const free = resolve(doc, node, catalog).inputs.filter(
		(spec) =>
			(spec.many || !taken.has(spec.name)) && judge(catalog, doc, wireFrom(end, node.id, spec.name)).ok
	);
	const inSight = free.find((spec) => !folded.includes(spec));
	const hidden = free.filter((spec) => folded.includes(spec));
	if (!hidden.length || (inSight && !onFolded)) return [inSight ?? first];
	const source = doc.nodes.get(end.node);
	const carries = source && outputOf(doc, source, end.handle, catalog)?.type;
	const exact = hidden.filter((spec) => spec.type === carries);
	return exact.length ? exact : hidden;
}

/** The first refusal among a node's sockets, for saying why nothing of it fits. */
export function whyNot(catalog: CatalogIndex, doc: Doc, end: LooseEnd, node: GraphNode): string {
	const { inputs, outputs } = resolve(doc, node, catalog);
	for (const spec of end.side === 'source' ? inputs : outputs) {
		const verdict = judge(catalog, doc, wireFrom(end, node.id, spec.name));
		if (!verdict.ok) return verdict.reason;
	}
	return NO_SOCKET;
}

/** The wires that a new one pushes out, because its input holds only one. */
export function replacedBy(catalog: CatalogIndex, doc: Doc, wire: Wire): string[] {
	const target = doc.nodes.get(wire.target);
	const input =
		target && resolve(doc, target, catalog).inputs.find((spec) => spec.name === wire.target_handle);
	if (!input || input.many) return [];
	return into(doc, wire.target)
		.filter((edge) => edge.target_handle === wire.target_handle)
		.map((edge) => edge.id);
}
