import type { FieldSpec, GraphEdge, GraphNode, NodeType, PipelineType, SocketSpec } from '../api/types.ts';
import type { Doc } from '../project/ops.ts';
import type { CatalogIndex } from './catalog-index.ts';

/**
 * Which sockets and fields a node has right now: those of its type, and for a shot those of its pipeline.
 *
 * Pure. Used by the board to draw, by `judge`, and by the inspector.
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

const wiresInto = new WeakMap<Doc['edges'], Map<string, GraphEdge[]>>();

/** The wires that end in a node; one index per version of the edges. */
export function into(doc: Doc, id: string): readonly GraphEdge[] {
	let index = wiresInto.get(doc.edges);
	if (!index) {
		index = new Map();
		for (const edge of doc.edges.values()) {
			const list = index.get(edge.target);
			if (list) list.push(edge);
			else index.set(edge.target, [edge]);
		}
		wiresInto.set(doc.edges, index);
	}
	return index.get(id) ?? [];
}

const named = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : undefined;

/** The pipeline id a node asks for by wire or by itself. */
export function wantedPipeline(doc: Doc, node: GraphNode): { id: string; from: 'wire' | 'node' } | undefined {
	for (const edge of into(doc, node.id)) {
		if (edge.target_handle !== 'pipeline') continue;
		const id = named(doc.nodes.get(edge.source)?.data.pipeline);
		if (id) return { id, from: 'wire' };
	}
	const id = named(node.data.pipeline);
	return id ? { id, from: 'node' } : undefined;
}

const kinds: Record<string, string> = { image: 'Image', video: 'Video', audio: 'Audio' };

function typed(spec: SocketSpec, node: GraphNode): SocketSpec {
	if (!spec.type_from) return spec;
	const type = kinds[String(node.data[spec.type_from])];
	return type ? { ...spec, type } : spec;
}

export function resolve(doc: Doc, node: GraphNode, catalog: CatalogIndex): Resolved {
	const type = catalog.type(node.type);
	if (!type)
		return { type, pipeline: undefined, pipelineFrom: undefined, inputs: [], outputs: [], fields: [] };
	const outputs = type.outputs.map((spec) => typed(spec, node));
	if (!type.inputs_from_pipeline)
		return {
			type,
			pipeline: undefined,
			pipelineFrom: undefined,
			inputs: type.inputs,
			outputs,
			fields: type.fields
		};
	const wanted = wantedPipeline(doc, node);
	const pipeline = wanted ? catalog.pipeline(wanted.id) : catalog.usualPipeline;
	const own = new Set(type.inputs.map((spec) => spec.name));
	return {
		type,
		pipeline,
		pipelineFrom: wanted?.from ?? 'project',
		inputs: [...type.inputs, ...(pipeline?.inputs ?? []).filter((spec) => !own.has(spec.name))],
		outputs,
		fields: [...type.fields, ...(pipeline?.fields ?? [])]
	};
}
