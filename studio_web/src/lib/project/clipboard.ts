import type { GraphEdge, GraphNode } from '../api/types.ts';
import { cornerOf, parentsFirst } from './nesting.ts';
import type { Doc } from './ops.ts';

/**
 * What goes into the system clipboard as JSON, so that cards go from one project or tab to another. Pure; what comes
 * out of a clip is in `pasting.ts`.
 */

const KIND = 'production-canvas/nodes';
/** So many cards come from one clipboard. */
export const MOST_CARDS = 5000;

/** A file that a card uses, as it is called where the card was copied. */
export interface FileName {
	title: string;
	kind: string;
}

export interface Clip {
	kind: typeof KIND;
	schema: 1;
	/** The project it was copied in. */
	project?: string;
	/** A scene before the cards in it. Cards whose scene was not copied have their place on the board itself. */
	nodes: GraphNode[];
	edges: GraphEdge[];
	files?: Record<string, FileName>;
	/** The scene that all of them lay in, if it was one. */
	home?: string;
}

/** The chosen cards, with all that lies in chosen scenes, and the wires between them. */
export function copy(
	doc: Doc,
	ids: Iterable<string>,
	project?: string,
	files?: ReadonlyMap<string, FileName>
): Clip | undefined {
	const chosen = new Set(ids);
	const nodes: GraphNode[] = [];
	const homes = new Set<string | null>();
	for (const node of parentsFirst(doc)) {
		if (node.parent !== null && chosen.has(node.parent)) {
			chosen.add(node.id);
			nodes.push(node);
		} else if (chosen.has(node.id)) {
			homes.add(node.parent);
			nodes.push(node.parent === null ? node : { ...node, ...cornerOf(doc, node), parent: null });
		}
	}
	if (!nodes.length) return undefined;
	const edges = [...doc.edges.values()].filter((edge) => chosen.has(edge.source) && chosen.has(edge.target));
	const used: Record<string, FileName> = {};
	for (const { data } of nodes) {
		const file = typeof data.asset === 'string' ? files?.get(data.asset) : undefined;
		if (file) used[String(data.asset)] = { title: file.title, kind: file.kind };
	}
	const [home] = homes;
	return {
		kind: KIND,
		schema: 1,
		nodes,
		edges,
		files: used,
		...(project === undefined ? {} : { project }),
		...(homes.size === 1 && typeof home === 'string' ? { home } : {})
	};
}

/** The top left corner of what was copied. */
export function topLeft(clip: Clip): { x: number; y: number } {
	const there = new Set(clip.nodes.map((node) => node.id));
	let [x, y] = [Infinity, Infinity];
	for (const node of clip.nodes) {
		if (node.parent !== null && there.has(node.parent)) continue;
		x = Math.min(x, node.x);
		y = Math.min(y, node.y);
	}
	return { x, y };
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
	const { kind, nodes, edges, project, files, home } = value as Partial<Clip>;
	if (kind !== KIND || !Array.isArray(nodes) || !Array.isArray(edges)) return undefined;
	const cards = nodes.filter(isNode).map((node) => ({ ...node, parent: node.parent ?? null }));
	if (!cards.length) return undefined;
	return {
		kind: KIND,
		schema: 1,
		nodes: cards,
		edges: edges.filter(isEdge),
		...(typeof project === 'string' ? { project } : {}),
		...(typeof home === 'string' ? { home } : {}),
		files: typeof files === 'object' && files !== null ? files : {}
	};
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
