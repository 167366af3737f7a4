import type { GraphEdge, GraphNode } from '../../api/types.ts';
import { wire, type Doc } from '../../project/ops.ts';

/** Small boards for tests; nothing of the page imports it. */

export function card(id: string, x: number, y: number, more: Partial<GraphNode> = {}): GraphNode {
	return { id, type: 'shot', x, y, parent: null, ...more, data: { ...more.data } };
}

export const shot = (
	id: string,
	x: number,
	y: number,
	scene: string,
	code: string,
	parent: string | null = null
) => card(id, x, y, { parent, data: { scene, code } });

export const scene = (
	id: string,
	x: number,
	y: number,
	number: string,
	parent: string | null = null,
	size = { width: 600, height: 400 }
) => card(id, x, y, { type: 'scene', parent, data: { scene: number, ...size } });

export const wires = (...pairs: [string, string, string, string][]): GraphEdge[] =>
	pairs.map(([source, out, target, into]) => wire(source, out, target, into));

export const board = (nodes: GraphNode[], edges: GraphEdge[] = []): Doc => ({
	nodes: new Map(nodes.map((node) => [node.id, node])),
	edges: new Map(edges.map((edge) => [edge.id, edge]))
});

/** Cards of 100 by 100; scenes as large as they say. */
export const sizesOf = (doc: Doc) => (id: string) => {
	const data = doc.nodes.get(id)?.data;
	return typeof data?.width === 'number' && typeof data.height === 'number'
		? { width: data.width, height: data.height }
		: { width: 100, height: 100 };
};
