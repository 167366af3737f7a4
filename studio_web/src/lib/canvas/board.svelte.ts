import { Position, type Edge, type Node } from '@xyflow/svelte';
import type { GraphEdge, GraphNode, Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog.svelte.ts';
import { accepts } from '../catalog/connect.ts';
import { into, resolve, type Resolved } from '../catalog/resolve.ts';
import { emptyDoc, type Doc } from '../project/ops.ts';
import { HANDLE, layoutOf, type Layout } from './geometry.ts';

/**
 * Turns the document into Svelte Flow's arrays and its gestures back into operations.
 *
 * Untouched cards keep their object, so that one foreign edit redraws one card. Everything Svelte Flow writes comes
 * in through `accept`: a drag, the arrow keys, a selection box. Nothing here talks to the server.
 */

export interface CardData extends Record<string, unknown> {
	node: GraphNode;
	resolved: Resolved;
	layout: Layout;
}

export interface WireData extends Record<string, unknown> {
	/** The socket type it carries, which decides its colour. */
	carries: string;
	/** Set when the wire is kept although its socket is gone or does not fit. */
	broken: boolean;
}

export type Card = Node<CardData>;
export type Wire = Edge<WireData>;

interface CardEntry {
	node: GraphNode;
	key: string;
	card: Card;
}

interface WireEntry {
	edge: GraphEdge;
	key: string;
	wire: Wire;
}

export class Board {
	nodes = $state.raw<Card[]>([]);
	edges = $state.raw<Wire[]>([]);
	/** How many cards were rebuilt since the start; tests hold it low. */
	rebuilt = 0;

	selected = $derived(this.nodes.filter((card) => card.selected).map((card) => card.id));
	selectedWires = $derived(this.edges.filter((wire) => wire.selected).map((wire) => wire.id));

	#cards = new Map<string, CardEntry>();
	#wires = new Map<string, WireEntry>();
	#onmove: (operations: Operation[]) => void;
	#select: Set<string> | undefined;

	constructor(onmove: (operations: Operation[]) => void) {
		this.#onmove = onmove;
	}

	show(doc: Doc, catalog: CatalogIndex, aspect: number): void {
		const cards = new Map<string, CardEntry>();
		const resolved = new Map<string, Resolved>();
		for (const node of doc.nodes.values()) {
			const is = resolve(doc, node, catalog);
			resolved.set(node.id, is);
			cards.set(node.id, this.#card(node, is, doc, catalog, aspect));
		}
		this.#cards = cards;
		this.#select = undefined;
		this.nodes = [...cards.values()].map((entry) => entry.card);
		this.#showWires(doc, catalog, resolved);
	}

	/** Everything Svelte Flow writes to the nodes lands here. */
	accept(nodes: Card[]): void {
		const moves: Operation[] = [];
		for (const card of nodes) {
			const entry = this.#cards.get(card.id);
			if (!entry || entry.card === card) continue;
			entry.card = card;
			const { x, y } = card.position;
			if (!card.dragging && (Math.round(x) !== entry.node.x || Math.round(y) !== entry.node.y))
				moves.push({ op: 'node.move', id: card.id, x: Math.round(x), y: Math.round(y) });
		}
		this.nodes = nodes;
		if (moves.length) this.#onmove(moves);
	}

	acceptEdges(edges: Wire[]): void {
		for (const wire of edges) {
			const entry = this.#wires.get(wire.id);
			if (entry) entry.wire = wire;
		}
		this.edges = edges.filter((wire) => this.#wires.has(wire.id));
	}

	/** Selects exactly these cards; those that are not on the board yet, as soon as they are. */
	select(ids: Iterable<string>): void {
		const wanted = new Set(ids);
		this.#select = wanted;
		this.accept(
			this.nodes.map((card) =>
				!!card.selected === wanted.has(card.id) ? card : { ...card, selected: wanted.has(card.id) }
			)
		);
		this.acceptEdges(this.edges.map((wire) => (wire.selected ? { ...wire, selected: false } : wire)));
	}

	card(id: string): Card | undefined {
		return this.#cards.get(id)?.card;
	}

	#card(node: GraphNode, is: Resolved, doc: Doc, catalog: CatalogIndex, aspect: number): CardEntry {
		const had = this.#cards.get(node.id);
		const cuts = is.type?.surface === 'assembler' ? into(doc, node.id).length : 0;
		const key = `${catalog.catalog.revision} ${is.pipeline?.id ?? ''} ${is.pipelineFrom ?? ''} ${aspect} ${cuts}`;
		if (had?.node === node && had.key === key) return had;
		this.rebuilt++;
		const layout = layoutOf(is, aspect, cuts);
		const { width, height } = layout;
		const card: Card = {
			...had?.card,
			id: node.id,
			type: layout.surface,
			position: had?.card.dragging ? had.card.position : { x: node.x, y: node.y },
			data: { node, resolved: is, layout },
			width,
			height,
			measured: { width, height },
			handles: layout.spots.map((spot) => ({
				id: spot.spec.name,
				type: spot.side,
				position: spot.side === 'source' ? Position.Right : Position.Left,
				x: (spot.side === 'source' ? width : 0) - HANDLE / 2,
				y: spot.y - HANDLE / 2,
				width: HANDLE,
				height: HANDLE
			})),
			...(had ? {} : { selected: this.#select?.has(node.id) ?? false }),
			ariaRole: 'region',
			ariaLabel: cardName(node, is)
		};
		return { node, key, card };
	}

	#showWires(doc: Doc, catalog: CatalogIndex, resolved: Map<string, Resolved>): void {
		const wires = new Map<string, WireEntry>();
		for (const edge of doc.edges.values()) {
			const output = resolved.get(edge.source)?.outputs.find((spec) => spec.name === edge.source_handle);
			const input = resolved.get(edge.target)?.inputs.find((spec) => spec.name === edge.target_handle);
			const broken = !output || !input || !accepts(catalog, input.type, output.type);
			const carries = output?.type ?? input?.type ?? '';
			const key = `${carries} ${broken}`;
			const had = this.#wires.get(edge.id);
			if (had?.edge === edge && had.key === key) wires.set(edge.id, had);
			else {
				const wire: Wire = {
					...had?.wire,
					id: edge.id,
					type: 'wire',
					source: edge.source,
					sourceHandle: edge.source_handle,
					target: edge.target,
					targetHandle: edge.target_handle,
					data: { carries, broken }
				};
				wires.set(edge.id, { edge, key, wire });
			}
		}
		this.#wires = wires;
		this.edges = [...wires.values()].map((entry) => entry.wire);
	}

	/** Empties the board, for example when the project is gone. */
	clear(catalog: CatalogIndex): void {
		this.show(emptyDoc, catalog, 16 / 9);
	}
}

/** What a card is called, on screen and aloud: `Shot 010`, `Asset harbour`. */
export function cardName(node: GraphNode, is: Resolved): string {
	const title = is.type?.title ?? node.type;
	const own = node.data.code ?? node.data.name;
	return typeof own === 'string' && own !== '' ? `${title} ${own}` : title;
}
