import type { GraphEdge, GraphNode, Operation, WireGraph } from '../api/types.ts';
import { parentsFirst } from './nesting.ts';

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

/** A document while it is being written: copies a map only when it is about to change. Not to be kept. */
export class Draft {
	nodes: ReadonlyMap<string, GraphNode>;
	edges: ReadonlyMap<string, GraphEdge>;
	#nodes: Map<string, GraphNode> | undefined;
	#edges: Map<string, GraphEdge> | undefined;
	/** Wires by the cards they join, once somebody asks: a board has thousands. */
	#wires: Map<string, Set<string>> | undefined;

	constructor(doc: Doc) {
		this.nodes = doc.nodes;
		this.edges = doc.edges;
	}

	wiresOf(id: string): GraphEdge[] {
		if (!this.#wires) {
			this.#wires = new Map();
			for (const edge of this.edges.values()) this.#index(this.#wires, edge);
		}
		return [...(this.#wires.get(id) ?? [])].flatMap((name) => this.edges.get(name) ?? []);
	}

	wiresInto(target: string, handle: string): GraphEdge[] {
		return this.wiresOf(target).filter((edge) => edge.target === target && edge.target_handle === handle);
	}

	/** Carries one operation out; false when there is nothing for it to do any more. */
	carryOut(operation: Operation): boolean {
		switch (operation.op) {
			case 'node.add':
				this.#writeNodes().set(operation.node.id, operation.node);
				return true;
			case 'node.remove':
				if (!this.nodes.has(operation.id)) return false;
				for (const edge of this.wiresOf(operation.id)) this.#writeEdges().delete(edge.id);
				this.#wires?.delete(operation.id);
				return this.#writeNodes().delete(operation.id);
			case 'node.move': {
				const node = this.nodes.get(operation.id);
				if (!node) return false;
				const parent = operation.parent === undefined ? node.parent : operation.parent;
				this.#writeNodes().set(operation.id, { ...node, x: operation.x, y: operation.y, parent });
				return true;
			}
			case 'node.set': {
				const node = this.nodes.get(operation.id);
				if (node) this.#writeNodes().set(operation.id, withField(node, operation.name, operation.value));
				return node !== undefined;
			}
			case 'edge.add': {
				const { edge } = operation;
				if (!this.nodes.has(edge.source) || !this.nodes.has(edge.target)) return false;
				this.#writeEdges().set(edge.id, edge);
				if (this.#wires) this.#index(this.#wires, edge);
				return true;
			}
			case 'edge.remove':
				return this.edges.has(operation.id) && this.#writeEdges().delete(operation.id);
		}
	}

	#index(wires: Map<string, Set<string>>, edge: GraphEdge): void {
		for (const end of [edge.source, edge.target]) {
			const there = wires.get(end);
			if (there) there.add(edge.id);
			else wires.set(end, new Set([edge.id]));
		}
	}

	#writeNodes() {
		return (this.nodes = this.#nodes ??= new Map(this.nodes));
	}

	#writeEdges() {
		return (this.edges = this.#edges ??= new Map(this.edges));
	}
}

function withField(node: GraphNode, name: string, value: unknown): GraphNode {
	const data: Record<string, unknown> = { ...node.data };
	if (value === null || value === undefined) delete data[name];
	else data[name] = value;
	return { ...node, data };
}

/** The document after the operations. Untouched nodes, wires and maps keep their identity. */
export function apply(doc: Doc, operations: readonly Operation[]): Doc {
	const draft = new Draft(doc);
	for (const operation of operations) draft.carryOut(operation);
	if (draft.nodes === doc.nodes && draft.edges === doc.edges) return doc;
	return { nodes: draft.nodes, edges: draft.edges };
}

function inverseOf(at: Draft, operation: Operation): Operation[] {
	switch (operation.op) {
		case 'node.add': {
			const before = at.nodes.get(operation.node.id);
			return [before ? { op: 'node.add', node: before } : { op: 'node.remove', id: operation.node.id }];
		}
		case 'node.remove': {
			const node = at.nodes.get(operation.id);
			if (!node) return [];
			const wires = at.wiresOf(operation.id).map((edge): Operation => ({ op: 'edge.add', edge }));
			return [{ op: 'node.add', node }, ...wires];
		}
		case 'node.move': {
			const node = at.nodes.get(operation.id);
			if (!node) return [];
			const back: Operation = { op: 'node.move', id: operation.id, x: node.x, y: node.y };
			return [operation.parent === undefined ? back : { ...back, parent: node.parent }];
		}
		case 'node.set': {
			const node = at.nodes.get(operation.id);
			if (!node) return [];
			return [{ ...operation, value: node.data[operation.name] ?? null }];
		}
		case 'edge.add': {
			if (!at.nodes.has(operation.edge.source) || !at.nodes.has(operation.edge.target)) return [];
			const before = at.edges.get(operation.edge.id);
			return [before ? { op: 'edge.add', edge: before } : { op: 'edge.remove', id: operation.edge.id }];
		}
		case 'edge.remove': {
			const edge = at.edges.get(operation.id);
			return edge ? [{ op: 'edge.add', edge }] : [];
		}
	}
}

/** The operations that undo `operations`, given the document they are applied to. */
export function invert(doc: Doc, operations: readonly Operation[]): Operation[] {
	const at = new Draft(doc);
	const back: Operation[][] = [];
	for (const operation of operations) {
		back.push(inverseOf(at, operation));
		at.carryOut(operation);
	}
	return back.reverse().flat();
}

/** Operations that make one document into another, field by field, so that they merge with other people's edits. */
export function difference(before: Doc, after: Doc): Operation[] {
	const out: Operation[] = [];
	/** Cards that are made anew lose their wires on the way. */
	const anew = new Set<string>();
	for (const [id, node] of before.nodes) {
		const now = after.nodes.get(id);
		if (now && now.type !== node.type) anew.add(id);
		if (!now || now.type !== node.type) out.push({ op: 'node.remove', id });
	}
	for (const [id, edge] of before.edges)
		if (!after.edges.has(id) && after.nodes.has(edge.source) && after.nodes.has(edge.target))
			out.push({ op: 'edge.remove', id });
	for (const node of parentsFirst(after)) {
		const old = before.nodes.get(node.id);
		if (!old || anew.has(node.id)) out.push({ op: 'node.add', node });
		else if (old !== node) out.push(...changes(old, node));
	}
	for (const [id, edge] of after.edges)
		if (!before.edges.has(id) || anew.has(edge.source) || anew.has(edge.target))
			out.push({ op: 'edge.add', edge });
	return out;
}

function changes(old: GraphNode, now: GraphNode): Operation[] {
	const { id, x, y, parent } = now;
	const moved = old.x !== x || old.y !== y || old.parent !== parent;
	const names = new Set([...Object.keys(old.data), ...Object.keys(now.data)]);
	const fields = [...names].filter((name) => !same(old.data[name] ?? null, now.data[name] ?? null));
	return [
		...(moved ? [{ op: 'node.move', id, x, y, parent } as const] : []),
		...fields.map((name): Operation => ({ op: 'node.set', id, name, value: now.data[name] ?? null }))
	];
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

/** The cards that one operation writes, removes or joins. */
export function nodesOf(operation: Operation): string[] {
	if (operation.op === 'node.add') return [operation.node.id];
	if (operation.op === 'edge.add') return [operation.edge.source, operation.edge.target];
	if (operation.op === 'edge.remove') return operation.id.split('>').map((end) => end.split('.', 1)[0] ?? '');
	return [operation.id];
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
