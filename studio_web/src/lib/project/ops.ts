import type { GraphEdge, GraphNode, Operation, WireGraph } from '../api/types.ts';

/**
 * The document and the only ways to change it: the same six operations as studio_server/domain/graph.py.
 *
 * Pure. Called by the replica and by tests. What no longer makes sense is skipped, never thrown, so that two
 * people's edits merge. That a single input holds one wire is the server's word: its batch carries the removal.
 */

export interface Doc {
	readonly nodes: ReadonlyMap<string, GraphNode>;
	readonly edges: ReadonlyMap<string, GraphEdge>;
}

export const emptyDoc: Doc = { nodes: new Map(), edges: new Map() };

export function docOf(graph: WireGraph): Doc {
	return { nodes: new Map(Object.entries(graph.nodes)), edges: new Map(Object.entries(graph.edges)) };
}

export function edgeId(source: string, sourceHandle: string, target: string, targetHandle: string): string {
	return `${source}.${sourceHandle}>${target}.${targetHandle}`;
}

export function wire(source: string, sourceHandle: string, target: string, targetHandle: string): GraphEdge {
	return {
		id: edgeId(source, sourceHandle, target, targetHandle),
		source,
		source_handle: sourceHandle,
		target,
		target_handle: targetHandle
	};
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function newNodeId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(12));
	return 'n_' + Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Copies a map only when it is about to be written, so that untouched halves keep their identity. */
class Draft {
	nodes: ReadonlyMap<string, GraphNode>;
	edges: ReadonlyMap<string, GraphEdge>;
	#nodes: Map<string, GraphNode> | undefined;
	#edges: Map<string, GraphEdge> | undefined;

	constructor(doc: Doc) {
		this.nodes = doc.nodes;
		this.edges = doc.edges;
	}

	writeNodes() {
		return (this.nodes = this.#nodes ??= new Map(this.nodes));
	}

	writeEdges() {
		return (this.edges = this.#edges ??= new Map(this.edges));
	}
}

function withField(node: GraphNode, name: string, value: unknown): GraphNode {
	const data: Record<string, unknown> = { ...node.data };
	if (value === null || value === undefined) delete data[name];
	else data[name] = value;
	return { ...node, data };
}

export function wiresOf(doc: Doc, id: string): GraphEdge[] {
	return [...doc.edges.values()].filter((edge) => edge.source === id || edge.target === id);
}

function applyOne(draft: Draft, operation: Operation): void {
	switch (operation.op) {
		case 'node.add':
			draft.writeNodes().set(operation.node.id, operation.node);
			break;
		case 'node.remove':
			if (!draft.nodes.has(operation.id)) break;
			draft.writeNodes().delete(operation.id);
			for (const edge of wiresOf(draft, operation.id)) draft.writeEdges().delete(edge.id);
			break;
		case 'node.move': {
			const node = draft.nodes.get(operation.id);
			if (!node) break;
			const parent = operation.parent === undefined ? node.parent : operation.parent;
			draft.writeNodes().set(operation.id, { ...node, x: operation.x, y: operation.y, parent });
			break;
		}
		case 'node.set': {
			const node = draft.nodes.get(operation.id);
			if (node) draft.writeNodes().set(operation.id, withField(node, operation.name, operation.value));
			break;
		}
		case 'edge.add':
			if (draft.nodes.has(operation.edge.source) && draft.nodes.has(operation.edge.target))
				draft.writeEdges().set(operation.edge.id, operation.edge);
			break;
		case 'edge.remove':
			if (draft.edges.has(operation.id)) draft.writeEdges().delete(operation.id);
			break;
	}
}

/** The document after the operations. Untouched nodes, wires and maps keep their identity. */
export function apply(doc: Doc, operations: readonly Operation[]): Doc {
	const draft = new Draft(doc);
	for (const operation of operations) applyOne(draft, operation);
	if (draft.nodes === doc.nodes && draft.edges === doc.edges) return doc;
	return { nodes: draft.nodes, edges: draft.edges };
}

function inverseOf(doc: Doc, operation: Operation): Operation[] {
	switch (operation.op) {
		case 'node.add': {
			const before = doc.nodes.get(operation.node.id);
			return [before ? { op: 'node.add', node: before } : { op: 'node.remove', id: operation.node.id }];
		}
		case 'node.remove': {
			const node = doc.nodes.get(operation.id);
			if (!node) return [];
			const wires = wiresOf(doc, operation.id).map((edge): Operation => ({ op: 'edge.add', edge }));
			return [{ op: 'node.add', node }, ...wires];
		}
		case 'node.move': {
			const node = doc.nodes.get(operation.id);
			if (!node) return [];
			const back: Operation = { op: 'node.move', id: operation.id, x: node.x, y: node.y };
			return [operation.parent === undefined ? back : { ...back, parent: node.parent }];
		}
		case 'node.set': {
			const node = doc.nodes.get(operation.id);
			if (!node) return [];
			return [{ ...operation, value: node.data[operation.name] ?? null }];
		}
		case 'edge.add': {
			if (!doc.nodes.has(operation.edge.source) || !doc.nodes.has(operation.edge.target)) return [];
			const before = doc.edges.get(operation.edge.id);
			return [before ? { op: 'edge.add', edge: before } : { op: 'edge.remove', id: operation.edge.id }];
		}
		case 'edge.remove': {
			const edge = doc.edges.get(operation.id);
			return edge ? [{ op: 'edge.add', edge }] : [];
		}
	}
}

/** The operations that undo `operations`, given the document they are applied to. */
export function invert(doc: Doc, operations: readonly Operation[]): Operation[] {
	const back: Operation[] = [];
	let at = doc;
	for (const operation of operations) {
		back.unshift(...inverseOf(at, operation));
		at = apply(at, [operation]);
	}
	return back;
}

function slot(operation: Operation): string | undefined {
	if (operation.op === 'node.set') return `set ${operation.id} ${operation.name}`;
	if (operation.op === 'node.move') return `move ${operation.id}`;
	return undefined;
}

/** Drops writes that a later write of the same field or position makes invisible; only for runs of those two verbs. */
export function compact(operations: readonly Operation[]): Operation[] {
	if (operations.some((operation) => slot(operation) === undefined)) return [...operations];
	const last = new Map<string, Operation>();
	for (const operation of operations) last.set(slot(operation) ?? '', operation);
	return [...last.values()];
}

/** The ids of nodes that the operations write or remove. */
export function touched(operations: readonly Operation[]): Set<string> {
	const ids = new Set<string>();
	for (const operation of operations) {
		if (operation.op === 'node.add') ids.add(operation.node.id);
		else if (operation.op !== 'edge.add' && operation.op !== 'edge.remove') ids.add(operation.id);
	}
	return ids;
}

/** Equality of JSON values; the order of keys does not count. */
export function same(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const left = Object.entries(a);
	const right = b as Record<string, unknown>;
	if (left.length !== Object.keys(b).length) return false;
	return left.every(([key, value]) => key in right && same(value, right[key]));
}
