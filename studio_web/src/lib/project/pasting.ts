import type { GraphEdge, GraphNode, Operation } from '../api/types.ts';
import { topLeft, type Clip } from './clipboard.ts';
import { newNodeId, wire, type Doc } from './ops.ts';

/**
 * What comes out of a clipboard. Pure; fetched with the first paste.
 *
 * A pasted shot is a new shot: it keeps its words and settings, not its number, its takes or what was said of them.
 * A pasted scene is linked only where two that were linked are copied together, and then to each other.
 */

/** What belongs to one shot of one project and must not be copied; marks are said of takes. */
const OWN = new Set(['code', 'active_take', 'locked']);
const MARK = /^(star|reject|in|out):/;

export interface Pasted {
	/** In the order of the clip, a scene before what lies in it. */
	nodes: GraphNode[];
	wires: Operation[];
}

/** The cards and wires of a clip under fresh ids, its top left corner at `at` on the board. */
export function paste(clip: Clip, at: { x: number; y: number }, makeId: () => string = newNodeId): Pasted {
	const ids = new Map(clip.nodes.map((node) => [node.id, makeId()]));
	const corner = topLeft(clip);
	const links = relinked(clip);
	const nodes = clip.nodes.map((node): GraphNode => {
		const parent = node.parent === null ? undefined : ids.get(node.parent);
		const place =
			parent === undefined
				? {
						x: Math.round(at.x + node.x - corner.x),
						y: Math.round(at.y + node.y - corner.y),
						parent: null
					}
				: { x: node.x, y: node.y, parent };
		const id = ids.get(node.id) ?? node.id;
		return { ...node, ...place, id, data: dataOf(node, clip, ids, links) };
	});
	const wires = clip.edges.flatMap((edge): Operation[] => {
		const moved = rewired(edge, ids);
		return moved ? [{ op: 'edge.add', edge: moved }] : [];
	});
	return { nodes, wires };
}

function dataOf(
	node: GraphNode,
	clip: Clip,
	ids: ReadonlyMap<string, string>,
	links: ReadonlyMap<string, string>
): Record<string, unknown> {
	const kept = Object.entries(node.data).filter(([name]) => !OWN.has(name) && !MARK.test(name));
	const data = Object.fromEntries(kept);
	if (Array.isArray(data.order))
		data.order = data.order.map((id) => renamed(String(id), clip.edges, ids) ?? id);
	if (node.type === 'scene' && typeof data.link === 'string') {
		const link = links.get(data.link);
		if (link === undefined) delete data.link;
		else data.link = link;
	} else if (data.link !== undefined && !inLinked(node, clip, links)) delete data.link;
	return data;
}

/** A new link for every one that two copied scenes share. */
function relinked(clip: Clip): ReadonlyMap<string, string> {
	const seen = new Set<string>();
	const links = new Map<string, string>();
	for (const { type, data } of clip.nodes) {
		if (type !== 'scene' || typeof data.link !== 'string') continue;
		if (seen.has(data.link) && !links.has(data.link)) links.set(data.link, newNodeId().replace('n_', 'l_'));
		seen.add(data.link);
	}
	return links;
}

/** Whether a card lies in a scene that stays linked: there the link says which cards stand for each other. */
function inLinked(node: GraphNode, clip: Clip, links: ReadonlyMap<string, string>): boolean {
	let up = node.parent;
	for (let depth = 0; up !== null && depth < 50; depth++) {
		const scene = clip.nodes.find((one) => one.id === up);
		if (!scene) return false;
		if (scene.type === 'scene' && links.has(String(scene.data.link))) return true;
		up = scene.parent;
	}
	return false;
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

/** Files that pasted cards use and that this project does not have, with their names where they come from. */
export function missingFiles(
	clip: Clip,
	has: (asset: string) => boolean
): { id: string; title: string; kind: string }[] {
	const wanted = new Set(
		clip.nodes.flatMap(({ data }) => (typeof data.asset === 'string' ? data.asset : []))
	);
	return [...wanted]
		.filter((id) => !has(id))
		.map((id) => ({ id, title: clip.files?.[id]?.title ?? id, kind: clip.files?.[id]?.kind ?? '' }));
}

/** Gives cards the files that were brought over, as one step; cards that got another one meanwhile keep it. */
export function refilled(doc: Doc, ids: readonly string[], files: ReadonlyMap<string, string>): Operation[] {
	return ids.flatMap((id): Operation[] => {
		const value = files.get(String(doc.nodes.get(id)?.data.asset));
		return value === undefined ? [] : [{ op: 'node.set', id, name: 'asset', value }];
	});
}

function rewired(edge: GraphEdge, ids: ReadonlyMap<string, string>): GraphEdge | undefined {
	const source = ids.get(edge.source);
	const target = ids.get(edge.target);
	return source && target ? wire(source, edge.source_handle, target, edge.target_handle) : undefined;
}

function renamed(
	id: string,
	edges: readonly GraphEdge[],
	ids: ReadonlyMap<string, string>
): string | undefined {
	const edge = edges.find((one) => one.id === id);
	return edge && rewired(edge, ids)?.id;
}
