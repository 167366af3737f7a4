import type { GraphNode, Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { firstFit, wireFrom, type LooseEnd } from '../catalog/connect.ts';
import { apply, newNodeId, type Doc } from '../project/ops.ts';
import { connect, type Spot } from './edits.ts';

/** Cards that are not on the board yet, and the operations that put them there, wired. Pure; fetched with what adds cards. */

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

function lastScene(doc: Doc): string | undefined {
	const scenes = [...doc.nodes.values()]
		.map((node) => node.type !== 'scene' && node.data.scene)
		.filter((scene) => typeof scene === 'string');
	return scenes.at(-1);
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
