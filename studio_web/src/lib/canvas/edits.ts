import type { GraphEdge, GraphNode, Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { firstFit, replacedBy, wireFrom, type LooseEnd, type Wire } from '../catalog/connect.ts';
import { behind, into } from '../catalog/resolve.ts';
import { heldBy, parentsFirst, within } from '../project/nesting.ts';
import { apply, newNodeId, wire, type Doc } from '../project/ops.ts';

/**
 * What people do on the board, as operations. Pure: the workbench sends them, tests read them.
 */

export interface Spot {
	x: number;
	y: number;
}

/** A new node of a type with the catalogue's defaults; a shot takes the scene of the newest shot there is. */
export function newNode(
	catalog: CatalogIndex,
	doc: Doc,
	type: string,
	at: Spot,
	data: Record<string, unknown> = {}
): GraphNode {
	const scene = catalog.type(type)?.task ? lastScene(doc) : undefined;
	return {
		id: newNodeId(),
		type,
		x: Math.round(at.x),
		y: Math.round(at.y),
		parent: null,
		data: { ...(scene ? { scene } : {}), ...catalog.type(type)?.defaults, ...data }
	};
}

export interface Box extends Spot {
	width: number;
	height: number;
}

function lastScene(doc: Doc): string | undefined {
	const scenes = [...doc.nodes.values()]
		.map((node) => node.type !== 'scene' && node.data.scene)
		.filter((scene) => typeof scene === 'string');
	return scenes.at(-1);
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

/** Adds a node and, where something on it fits, wires the loose end into it. */
export function addWired(
	catalog: CatalogIndex,
	doc: Doc,
	node: GraphNode,
	end: LooseEnd | undefined
): Operation[] {
	const add: Operation = { op: 'node.add', node };
	if (!end) return [add];
	const after = apply(doc, [add]);
	const fit = firstFit(catalog, after, end, node);
	return fit ? [add, ...connect(catalog, after, wireFrom(end, node.id, fit.name))] : [add];
}

/** Adds a node and wires its first output that fits into another card: a file dropped on a shot is for that shot. */
export function addPlugged(
	catalog: CatalogIndex,
	doc: Doc,
	node: GraphNode,
	onto: string | undefined
): Operation[] {
	const add: Operation = { op: 'node.add', node };
	const after = apply(doc, [add]);
	const card = onto === undefined ? undefined : after.nodes.get(onto);
	if (!card) return [add];
	for (const output of catalog.type(node.type)?.outputs ?? []) {
		const end: LooseEnd = { node: node.id, handle: output.name, side: 'source' };
		const fit = firstFit(catalog, after, end, card);
		if (fit) return [add, ...connect(catalog, after, wireFrom(end, card.id, fit.name))];
	}
	return [add];
}

/** The node types a loose end can be plugged into. */
export function typesThatFit(catalog: CatalogIndex, doc: Doc, end: LooseEnd): Set<string> {
	const fitting = catalog.catalog.nodes.filter((type) => {
		const node = newNode(catalog, doc, type.type, { x: 0, y: 0 });
		return firstFit(catalog, apply(doc, [{ op: 'node.add', node }]), end, node) !== undefined;
	});
	return new Set(fitting.map((type) => type.type));
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

/** The wires into an assembler's cut, in cut order: `order` first, the rest by scene and code. */
export function cutList(doc: Doc, assembler: GraphNode, handle = 'clips'): GraphEdge[] {
	const order = Array.isArray(assembler.data.order) ? assembler.data.order.map(String) : [];
	const place = (edge: GraphEdge) => {
		const at = order.indexOf(edge.id);
		return at < 0 ? order.length : at;
	};
	return into(doc, assembler.id)
		.filter((edge) => edge.target_handle === handle)
		.sort(
			(a, b) =>
				place(a) - place(b) || shotName(doc, a).localeCompare(shotName(doc, b), 'en', { numeric: true })
		);
}

function shotName(doc: Doc, edge: GraphEdge): string {
	const { scene, code } = (behind(doc, edge) ?? doc.nodes.get(edge.source))?.data ?? {};
	return `${String(scene ?? '~')} ${String(code ?? '~')} ${edge.id}`;
}

/** Moves one shot of the cut by one place; the whole order is written, so that it holds from then on. */
export function moveCut(doc: Doc, assembler: GraphNode, edge: string, by: -1 | 1): Operation[] {
	const order = cutList(doc, assembler).map((one) => one.id);
	const from = order.indexOf(edge);
	const to = from + by;
	if (from < 0 || to < 0 || to >= order.length) return [];
	order.splice(to, 0, ...order.splice(from, 1));
	return [{ op: 'node.set', id: assembler.id, name: 'order', value: order }];
}
