import type { GraphEdge, GraphNode, Operation } from '../api/types.ts';
import { newNodeId, wire, type Doc } from './ops.ts';

/**
 * Copy and paste as JSON in the system clipboard, so that it works between projects and tabs.
 *
 * Pure. A pasted shot is a new shot: it keeps its words and settings, not its number and not its takes.
 */

const KIND = 'production-canvas/nodes';
const MAX_NODES = 5000;

export interface Clip {
	kind: typeof KIND;
	schema: 1;
	nodes: GraphNode[];
	edges: GraphEdge[];
}

/** What belongs to one shot of one project and must not be copied. */
const OWN = new Set(['code', 'active_take']);

export function copy(doc: Doc, ids: Iterable<string>): Clip | undefined {
	const chosen = new Set(ids);
	const nodes = [...doc.nodes.values()].filter((node) => chosen.has(node.id));
	if (!nodes.length) return undefined;
	const edges = [...doc.edges.values()].filter((edge) => chosen.has(edge.source) && chosen.has(edge.target));
	return { kind: KIND, schema: 1, nodes, edges };
}

/** Reads clipboard text; undefined when it is something else. */
export function read(text: string): Clip | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (typeof value !== 'object' || value === null) return undefined;
	const clip = value as Partial<Clip>;
	if (clip.kind !== KIND || !Array.isArray(clip.nodes) || !Array.isArray(clip.edges)) return undefined;
	const nodes = clip.nodes.filter(isNode).slice(0, MAX_NODES);
	return nodes.length ? { kind: KIND, schema: 1, nodes, edges: clip.edges.filter(isEdge) } : undefined;
}

function isNode(value: unknown): value is GraphNode {
	const node = value as Partial<GraphNode> | null;
	return (
		typeof node?.id === 'string' &&
		typeof node.type === 'string' &&
		Number.isFinite(node.x) &&
		Number.isFinite(node.y) &&
		typeof node.data === 'object' &&
		node.data !== null
	);
}

function isEdge(value: unknown): value is GraphEdge {
	const edge = value as Partial<GraphEdge> | null;
	return [edge?.source, edge?.source_handle, edge?.target, edge?.target_handle].every(
		(one) => typeof one === 'string'
	);
}

export interface Pasted {
	operations: Operation[];
	ids: string[];
}

/** The operations that put a clip on a board with its top left corner at `at`, under fresh ids. */
export function paste(clip: Clip, at: { x: number; y: number }, makeId: () => string = newNodeId): Pasted {
	const left = Math.min(...clip.nodes.map((node) => node.x));
	const top = Math.min(...clip.nodes.map((node) => node.y));
	const ids = new Map(clip.nodes.map((node) => [node.id, makeId()]));
	const nodes = clip.nodes.map((node): Operation => {
		const data = Object.fromEntries(Object.entries(node.data).filter(([name]) => !OWN.has(name)));
		if (Array.isArray(data.order))
			data.order = data.order.map((id) => renamed(String(id), clip.edges, ids) ?? id);
		return {
			op: 'node.add',
			node: {
				...node,
				id: ids.get(node.id) ?? node.id,
				x: Math.round(at.x + node.x - left),
				y: Math.round(at.y + node.y - top),
				parent: (node.parent && ids.get(node.parent)) ?? null,
				data
			}
		};
	});
	const wires = clip.edges.flatMap((edge): Operation[] => {
		const moved = rewired(edge, ids);
		return moved ? [{ op: 'edge.add', edge: moved }] : [];
	});
	return { operations: [...nodes, ...wires], ids: [...ids.values()] };
}

/** The wires that lead into the copied cards from cards outside, for the pasted ones; `ids` are in the clip's order. */
export function incoming(doc: Doc, clip: Clip, ids: readonly string[]): Operation[] {
	const now = new Map(clip.nodes.map((node, index) => [node.id, ids[index]]));
	return [...doc.edges.values()].flatMap((edge): Operation[] => {
		const target = now.get(edge.target);
		if (target === undefined || now.has(edge.source)) return [];
		return [{ op: 'edge.add', edge: wire(edge.source, edge.source_handle, target, edge.target_handle) }];
	});
}

function rewired(edge: GraphEdge, ids: Map<string, string>): GraphEdge | undefined {
	const source = ids.get(edge.source);
	const target = ids.get(edge.target);
	return source && target ? wire(source, edge.source_handle, target, edge.target_handle) : undefined;
}

function renamed(id: string, edges: readonly GraphEdge[], ids: Map<string, string>): string | undefined {
	const edge = edges.find((one) => one.id === id);
	return edge && rewired(edge, ids)?.id;
}
