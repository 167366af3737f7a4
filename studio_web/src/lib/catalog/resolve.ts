import type { FieldSpec, GraphEdge, GraphNode, NodeType, PipelineType, SocketSpec } from '../api/types.ts';
import type { Doc } from '../project/ops.ts';
import type { CatalogIndex } from './catalog-index.ts';
import { idOf, namedBy } from './edition.ts';
import { isMuted } from './scenes.ts';

/**
 * Which sockets and fields a node has right now: those of its type, and where it has one those of its pipeline.
 *
 * Pure; the twin of studio_server/domain/nodes.py, held to it by tests/data/judge.json. Used by the board to draw, by
 * `judge`, and by the inspector.
 */

export interface Resolved {
	type: NodeType | undefined;
	pipeline: PipelineType | undefined;
	/** Whether the pipeline comes from a wire, from the node itself, or from the project. */
	pipelineFrom: 'wire' | 'node' | 'project' | undefined;
	inputs: SocketSpec[];
	outputs: SocketSpec[];
	fields: FieldSpec[];
}

/** The type of a reroute that nothing is wired to yet: it takes anything and fits anything. */
export const ANY = 'Any';
export const REROUTE = 'reroute';

type Edges = Doc['edges'];
const wiresInto = new WeakMap<Edges, Map<string, GraphEdge[]>>();
const wiresFrom = new WeakMap<Edges, Map<string, GraphEdge[]>>();

function indexed(cache: typeof wiresInto, doc: Doc, end: 'source' | 'target', id: string) {
	let index = cache.get(doc.edges);
	if (!index) {
		index = new Map();
		for (const edge of doc.edges.values()) {
			const list = index.get(edge[end]);
			if (list) list.push(edge);
			else index.set(edge[end], [edge]);
		}
		cache.set(doc.edges, index);
	}
	return index.get(id) ?? [];
}

/** The wires that end in a node; one index per version of the edges. */
export const into = (doc: Doc, id: string): readonly GraphEdge[] => indexed(wiresInto, doc, 'target', id);

/** The wires that leave a node. */
export const outOf = (doc: Doc, id: string): readonly GraphEdge[] => indexed(wiresFrom, doc, 'source', id);

/** Where several wires compete the server takes the one whose id is first; so does the page. */
const first = (edges: readonly GraphEdge[]) =>
	edges.length < 2 ? edges : edges.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const wiresIn = (doc: Doc, id: string, handle: string, without?: string) =>
	first(into(doc, id).filter((edge) => edge.target_handle === handle && edge.id !== without));

/** The card that a wire comes from, reroutes passed over; undefined where it is muted or nothing is there. */
export function behind(doc: Doc, edge: GraphEdge): GraphNode | undefined {
	const seen = new Set<string>();
	let source = doc.nodes.get(edge.source);
	while (source?.type === REROUTE && !seen.has(source.id) && !isMuted(doc, source)) {
		seen.add(source.id);
		const wire: GraphEdge | undefined = wiresIn(doc, source.id, 'in')[0];
		source = wire && doc.nodes.get(wire.source);
	}
	return source && source.type !== REROUTE && !isMuted(doc, source) ? source : undefined;
}

/** The pipeline id a node asks for by wire or by itself. */
export function wantedPipeline(
	doc: Doc,
	node: GraphNode
): { id: string; name: string; from: 'wire' | 'node' } | undefined {
	const asked = (card: GraphNode | undefined, from: 'wire' | 'node') => {
		const name = card && namedBy(card);
		return name ? { id: idOf(name), name, from } : undefined;
	};
	for (const edge of wiresIn(doc, node.id, 'pipeline')) {
		const wired = asked(behind(doc, edge), 'wire');
		if (wired) return wired;
	}
	return asked(node, 'node');
}

const kinds: Record<string, string> = {
	image: 'Image',
	video: 'Video',
	audio: 'Audio',
	integer: 'Integer',
	float: 'Float'
};

function typed(doc: Doc, spec: SocketSpec, node: GraphNode, catalog: CatalogIndex, without?: string) {
	if (!spec.type_from) return spec;
	const type =
		spec.type_from === 'wire' ? wireType(doc, node, catalog, without) : kinds[String(node.data.kind)];
	return type ? { ...spec, type } : spec;
}

/** An output with the type it has right now; `without` is a wire not to look at. */
export function outputOf(
	doc: Doc,
	node: GraphNode,
	handle: string,
	catalog: CatalogIndex,
	without?: string
): SocketSpec | undefined {
	const spec = catalog.type(node.type)?.outputs.find((one) => one.name === handle);
	return spec && typed(doc, spec, node, catalog, without);
}

/** What goes through a reroute: what is wired into it or into one before it, else what they feed. */
function wireType(doc: Doc, node: GraphNode, catalog: CatalogIndex, without?: string): string {
	const seen = new Set([node.id]);
	for (;;) {
		const edge = wiresIn(doc, node.id, 'in', without)[0];
		const source = edge && doc.nodes.get(edge.source);
		if (!source || seen.has(source.id)) break;
		if (source.type !== REROUTE) {
			const given = outputOf(doc, source, edge.source_handle, catalog)?.type;
			if (given) return given;
			break;
		}
		node = source;
		seen.add(node.id);
	}
	return demanded(doc, node, catalog, without);
}

/** What a reroute must give, for what it feeds; `Any` where it feeds nothing. */
export function demanded(doc: Doc, node: GraphNode, catalog: CatalogIndex, without?: string): string {
	const seen = new Set([node.id]);
	for (const here of seen) {
		for (const edge of first(outOf(doc, here).filter((one) => one.source_handle === 'out'))) {
			const target = doc.nodes.get(edge.target);
			if (!target || edge.id === without) continue;
			if (target.type === REROUTE) {
				seen.add(target.id);
				continue;
			}
			const spec = resolve(doc, target, catalog).inputs.find((one) => one.name === edge.target_handle);
			if (spec && spec.type !== ANY) return spec.type;
		}
	}
	return ANY;
}

const asSocket = (field: FieldSpec): SocketSpec => ({
	name: field.name,
	type: field.type,
	label: field.label,
	required: false,
	many: false,
	help: field.help,
	type_from: null,
	role: null
});

/** The names of the fields that a card has as sockets. */
export const exposedOf = (node: GraphNode): string[] =>
	Array.isArray(node.data.exposed) ? node.data.exposed.filter((name) => typeof name === 'string') : [];

interface Known {
	catalog: CatalogIndex;
	/** The pipeline it asked for: all that wires say about most cards. */
	wanted: string;
	is: Resolved;
}

/** A node that was not touched is what it was: one edit of a large board resolves one card. */
const known = new WeakMap<GraphNode, Known>();

const byWire = (specs: readonly SocketSpec[]) => specs.some((spec) => spec.type_from === 'wire');

/** Types of which some socket is of the type that is wired in: asked for every card, each time the board is dealt. */
const following = new WeakMap<NodeType, boolean>();

function follows(type: NodeType): boolean {
	const had = following.get(type);
	if (had !== undefined) return had;
	const is = byWire(type.inputs) || byWire(type.outputs);
	following.set(type, is);
	return is;
}

export function resolve(doc: Doc, node: GraphNode, catalog: CatalogIndex): Resolved {
	const type = catalog.type(node.type);
	if (!type)
		return { type, pipeline: undefined, pipelineFrom: undefined, inputs: [], outputs: [], fields: [] };
	const choice = type.inputs_from_pipeline ? wantedPipeline(doc, node) : undefined;
	if (follows(type)) return resolved(doc, node, catalog, type, choice);
	const wanted = choice ? `${choice.from} ${choice.name}` : '';
	const had = known.get(node);
	if (had?.catalog === catalog && had.wanted === wanted) return had.is;
	const is = alike(node, catalog, type, wanted, () => resolved(doc, node, catalog, type, choice));
	known.set(node, { catalog, wanted, is });
	return is;
}

/** Most cards of a large board are alike, and alike cards share one answer: so do their layouts. */
const shapes = new WeakMap<CatalogIndex, Map<string, Resolved>>();

function alike(node: GraphNode, catalog: CatalogIndex, type: NodeType, wanted: string, make: () => Resolved) {
	const there = shapes.get(catalog) ?? new Map<string, Resolved>();
	shapes.set(catalog, there);
	const shown = exposedOf(node);
	const key = `${type.type}\n${wanted}\n${String(node.data.kind)}\n${shown.length ? JSON.stringify(shown) : ''}`;
	const is = there.get(key) ?? make();
	there.set(key, is);
	return is;
}

function resolved(
	doc: Doc,
	node: GraphNode,
	catalog: CatalogIndex,
	type: NodeType,
	wanted: ReturnType<typeof wantedPipeline>
): Resolved {
	const outputs = type.outputs.map((spec) => typed(doc, spec, node, catalog));
	if (!type.inputs_from_pipeline)
		return {
			type,
			pipeline: undefined,
			pipelineFrom: undefined,
			inputs: type.inputs.map((spec) => typed(doc, spec, node, catalog)),
			outputs,
			fields: type.fields
		};
	const pipeline = wanted ? catalog.pipeline(wanted.name) : catalog.usualPipeline(type.task);
	const inputs = [...type.inputs];
	const names = new Set(inputs.map((spec) => spec.name));
	const shown = new Set(exposedOf(node));
	const more = [
		...(pipeline?.inputs ?? []),
		...(pipeline?.fields ?? []).filter((field) => shown.has(field.name)).map(asSocket)
	];
	for (const spec of more) {
		if (names.has(spec.name)) continue;
		names.add(spec.name);
		inputs.push(spec);
	}
	return {
		type,
		pipeline,
		pipelineFrom: wanted?.from ?? 'project',
		inputs,
		outputs,
		fields: [...type.fields, ...(pipeline?.fields ?? [])]
	};
}
