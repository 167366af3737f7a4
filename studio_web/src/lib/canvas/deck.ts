import { Position, type Edge, type Node } from '@xyflow/svelte';
import type { GraphEdge, GraphNode, Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { accepts, misfit, NO_SOCKET } from '../catalog/connect.ts';
import { into, resolve, type Resolved } from '../catalog/resolve.ts';
import type { Doc } from '../project/ops.ts';
import type { Box } from './edits.ts';
import { curve, type Curve } from './edges/curve.ts';
import { folds } from './folding.ts';
import { freeSize, HANDLE, layoutOf, type Layout, type Own, type SocketSpot } from './geometry.ts';
import { holdersOf, parentOf, parentsFirst } from '../project/nesting.ts';
import { crossings, hiddenIn, socketName, type Crossing } from './scenes/border.ts';

/**
 * From the document to Svelte Flow's cards and wires, and from its gestures back to operations.
 *
 * No framework state: the board wraps it. Untouched cards keep their object, so one foreign edit redraws one card.
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
	/** Why it is broken, in the judge's words. */
	reason: string;
	/** What comes along it is not used: a card at one of its ends is muted or bypassed. */
	dim: boolean;
}

export type Card = Node<CardData>;
export type Wire = Edge<WireData>;

/** Scenes lie under all cards, also while they are selected, which lifts a card by a thousand. */
const FLOOR = -3000;

interface CardEntry {
	node: GraphNode;
	key: string;
	card: Card;
	/** Its place in the list that was dealt. */
	at: number;
}

interface WireEntry {
	edge: GraphEdge;
	key: string;
	wire: Wire;
}

/** What the cards were dealt from; the same but for where cards lie, most of it need not be looked at again. */
interface Dealt {
	doc: Doc;
	catalog: CatalogIndex;
	aspect: number;
	collapsed: ReadonlySet<string>;
	unfolded: ReadonlySet<string>;
}

export class Deck {
	/** How many cards were rebuilt since the start; tests hold it low. */
	rebuilt = 0;
	#dealt: Dealt | undefined;
	#cards = new Map<string, CardEntry>();
	#wires = new Map<string, WireEntry>();
	/** Cards to select as soon as they are dealt. */
	#wanted = new Set<string>();

	/**
	 * `collapsed` are the scenes that are drawn as one card in place of all they hold, `unfolded` the cards with all their
	 * inputs.
	 */
	deal(
		doc: Doc,
		catalog: CatalogIndex,
		aspect: number,
		collapsed: ReadonlySet<string> = nobody,
		unfolded: ReadonlySet<string> = nobody
	): { cards: Card[]; wires: Wire[] } {
		const now = { doc, catalog, aspect, collapsed, unfolded };
		const moved = this.#dealt && movedSince(this.#dealt, now);
		this.#dealt = now;
		if (moved) this.#replaced(moved);
		else this.#anew(now);
		this.#wanted.clear();
		return {
			cards: [...this.#cards.values()].map((entry) => entry.card),
			wires: [...this.#wires.values()].map((entry) => entry.wire)
		};
	}

	/** Puts cards where they were moved to. */
	#replaced(nodes: readonly GraphNode[]): void {
		for (const node of nodes) {
			const entry = this.#cards.get(node.id);
			if (!entry) continue;
			this.rebuilt++;
			const { card } = entry;
			const position = card.dragging ? card.position : { x: node.x, y: node.y };
			this.#cards.set(node.id, { ...entry, node, card: { ...card, position, data: { ...card.data, node } } });
		}
	}

	#anew({ doc, catalog, aspect, collapsed, unfolded }: Dealt): void {
		const cards = new Map<string, CardEntry>();
		const resolved = new Map<string, Resolved>();
		for (const node of doc.nodes.values()) resolved.set(node.id, resolve(doc, node, catalog));
		const hidden = hiddenIn(doc, collapsed);
		const across = crossings(doc, hidden);
		for (const node of parentsFirst(doc)) {
			const is = resolved.get(node.id);
			if (!is) continue;
			const folded = collapsed.has(node.id) && is.type?.surface === 'scene';
			const border = folded ? borderOf(doc, across.get(node.id) ?? [], resolved) : undefined;
			cards.set(
				node.id,
				this.#card(node, is, doc, catalog, aspect, {
					size: freeSize(node),
					border,
					hidden: hidden.has(node.id),
					wires: folds(is) ? into(doc, node.id) : undefined,
					unfolded: unfolded.has(node.id)
				})
			);
		}
		let at = 0;
		for (const entry of cards.values()) entry.at = at++;
		this.#cards = cards;
		this.#wires = this.#deal(doc, catalog, resolved);
	}

	/** Takes in what Svelte Flow changed; returns the moves that are finished. */
	moved(cards: readonly Card[]): Operation[] {
		const moves: Operation[] = [];
		for (const card of cards) {
			const entry = this.#cards.get(card.id);
			if (!entry || entry.card === card) continue;
			entry.card = card;
			const { x, y } = card.position;
			if (!card.dragging && (x !== entry.node.x || y !== entry.node.y))
				moves.push({ op: 'node.move', id: card.id, x: Math.round(x), y: Math.round(y) });
		}
		return moves;
	}

	/** The list that was dealt with some of its cards put in anew. */
	laid(cards: readonly Card[], changed: readonly Card[]): Card[] {
		const next = [...cards];
		for (const card of changed) {
			const entry = this.#cards.get(card.id);
			if (entry) next[entry.at] = card;
		}
		return next;
	}

	/** Takes in changed wires; drops those that are not in the document. */
	kept(wires: readonly Wire[]): Wire[] {
		for (const wire of wires) {
			const entry = this.#wires.get(wire.id);
			if (entry) entry.wire = wire;
		}
		return wires.filter((wire) => this.#wires.has(wire.id));
	}

	want(ids: ReadonlySet<string>): void {
		this.#wanted = new Set([...ids].filter((id) => !this.#cards.has(id)));
	}

	card(id: string): Card | undefined {
		return this.#cards.get(id)?.card;
	}

	wire(id: string): Wire | undefined {
		return this.#wires.get(id)?.wire;
	}

	/** A box that holds the whole line of a wire, somewhat too large, because it must be quick. */
	reach(wire: Wire): Box | undefined {
		const [from, to] = [this.seen(wire.source), this.seen(wire.target)];
		const a = from && this.box(from.id);
		const b = to && this.box(to.id);
		if (!a || !b || from === to) return undefined;
		const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
		const width = Math.max(a.x + a.width, b.x + b.width) - x;
		const height = Math.max(a.y + a.height, b.y + b.height) - y;
		return { x: x - slack(width), y, width: width + 2 * slack(width), height };
	}

	/** Where a wire runs. One whose socket is gone hangs on the edge of its card, below all sockets; into a closed scene it ends there. */
	line(wire: Wire): Curve | undefined {
		const from = this.#plug(wire.source, wire.sourceHandle, 'source');
		const to = this.#plug(wire.target, wire.targetHandle, 'target');
		return from && to && from.card !== to.card ? curve(from.at, to.at) : undefined;
	}

	#plug(node: string, handle: string | null | undefined, side: 'source' | 'target') {
		const card = this.seen(node);
		const box = card && this.box(card.id);
		if (!box) return undefined;
		const { layout } = card.data;
		const name = card.id === node ? handle : `${node}.${handle}`;
		const spot = layout.spots.find((one) => one.side === side && one.spec.name === name);
		const y = spot?.y ?? (layout.socketsHeight ? layout.socketsTop + layout.socketsHeight : box.height / 2);
		return { card, at: { x: box.x + (side === 'source' ? box.width : 0), y: box.y + y } };
	}

	/** The card itself, or the closed scene that hides it. */
	seen(id: string): Card | undefined {
		let card = this.card(id);
		while (card?.hidden) card = card.parentId === undefined ? undefined : this.card(card.parentId);
		return card;
	}

	/** Where a card lies on the board itself, whatever scenes it lies in; a scene that is dragged takes its cards along. */
	box(id: string): Box | undefined {
		const entry = this.#cards.get(id);
		if (!entry) return undefined;
		const { position, width = 0, height = 0 } = entry.card;
		let { x, y } = position;
		for (let up = entry.card.parentId; up !== undefined;) {
			const scene = this.#cards.get(up)?.card;
			x += scene?.position.x ?? 0;
			y += scene?.position.y ?? 0;
			up = scene?.parentId;
		}
		return { x, y, width, height };
	}

	#card(node: GraphNode, is: Resolved, doc: Doc, catalog: CatalogIndex, aspect: number, own: Own): CardEntry {
		const had = this.#cards.get(node.id);
		const cuts = is.type?.surface === 'assembler' ? into(doc, node.id).length : 0;
		const parent = parentOf(doc, node)?.id;
		const border = own.border?.map(({ side, spec }) => side + spec.name + spec.type + spec.label).join(' ');
		const fed = own.wires?.map((edge) => edge.target_handle).join(' ');
		const key = `${catalog.catalog.revision} ${is.pipeline?.id ?? ''} ${is.pipelineFrom ?? ''} ${aspect} ${cuts} ${parent ?? ''} ${is.outputs[0]?.type ?? ''} ${border ?? '-'} ${own.hidden} ${own.unfolded} ${fed ?? ''}`;
		if (had?.node === node && had.key === key) return had;
		this.rebuilt++;
		const layout = layoutOf(is, aspect, cuts, own);
		const { width, height } = layout;
		const card: Card = {
			id: node.id,
			type: layout.surface,
			position: had?.card.dragging ? had.card.position : { x: node.x, y: node.y },
			...(parent === undefined ? {} : { parentId: parent }),
			...(own.hidden ? { hidden: true } : {}),
			...(layout.frame
				? { zIndex: FLOOR, class: 'frame', selectable: false, dragHandle: '.frame-title' }
				: {}),
			...(node.data.pinned === true ? { draggable: false } : {}),
			data: { node, resolved: is, layout },
			width,
			height,
			measured: { width, height },
			handles: handlesOf(layout),
			selected: had ? (had.card.selected ?? false) : this.#wanted.has(node.id),
			dragging: had?.card.dragging ?? false,
			ariaRole: 'group',
			ariaLabel: cardName(node, is),
			domAttributes: { 'data-node-id': node.id, tabIndex: -1 } as Card['domAttributes']
		};
		return { node, key, card, at: had?.at ?? 0 };
	}

	#deal(doc: Doc, catalog: CatalogIndex, resolved: ReadonlyMap<string, Resolved>): Map<string, WireEntry> {
		const wires = new Map<string, WireEntry>();
		for (const edge of doc.edges.values()) {
			const output = resolved.get(edge.source)?.outputs.find((spec) => spec.name === edge.source_handle);
			const input = resolved.get(edge.target)?.inputs.find((spec) => spec.name === edge.target_handle);
			const broken = !output || !input || !accepts(catalog, input.type, output.type);
			const carries = output?.type ?? input?.type ?? '';
			const reason = !broken ? '' : output && input ? misfit(catalog, output.type, input.type) : NO_SOCKET;
			const dim = idle(doc, edge.source) || idle(doc, edge.target);
			const key = `${carries} ${reason} ${dim}`;
			const had = this.#wires.get(edge.id);
			const same = had?.edge === edge && had.key === key;
			wires.set(
				edge.id,
				same ? had : { edge, key, wire: wireOf(edge, { carries, broken, reason, dim }, had?.wire) }
			);
		}
		return wires;
	}
}

/** The cards that lie elsewhere than before, where nothing else is different; undefined where something is. */
function movedSince(before: Dealt, now: Dealt): GraphNode[] | undefined {
	const same = (['catalog', 'aspect', 'collapsed', 'unfolded'] as const).every(
		(name) => before[name] === now[name]
	);
	const [had, has] = [before.doc, now.doc];
	if (!same || had.edges !== has.edges || had.nodes.size !== has.nodes.size) return undefined;
	const moved: GraphNode[] = [];
	for (const node of has.nodes.values()) {
		const was = had.nodes.get(node.id);
		if (was === node) continue;
		if (was?.data !== node.data || was.type !== node.type || was.parent !== node.parent) return undefined;
		moved.push(node);
	}
	return moved;
}

/** Whether a card, or a scene it lies in, is muted or bypassed. */
function idle(doc: Doc, id: string): boolean {
	const node = doc.nodes.get(id);
	if (!node) return false;
	const off = ({ data }: GraphNode) => data.muted === true || data.bypassed === true;
	return off(node) || (node.parent !== null && holdersOf(doc, node).some(off));
}

/** How far a wire that runs backwards swings out, at most. */
const slack = (across: number) => 8 * Math.sqrt(across);

type Handles = NonNullable<Card['handles']>;
const handles = new WeakMap<Layout, Handles>();

function handlesOf(layout: Layout): Handles {
	const known = handles.get(layout);
	if (known) return known;
	const made = layout.spots.map((spot) => ({
		id: spot.spec.name,
		type: spot.side,
		position: spot.side === 'source' ? Position.Right : Position.Left,
		x: (spot.side === 'source' ? layout.width : 0) - HANDLE / 2,
		y: spot.y - HANDLE / 2,
		width: HANDLE,
		height: HANDLE
	}));
	handles.set(layout, made);
	return made;
}

const nobody: ReadonlySet<string> = new Set();

/** The sockets of a collapsed scene, called after the card inside and its socket. */
function borderOf(
	doc: Doc,
	across: readonly Crossing[],
	resolved: ReadonlyMap<string, Resolved>
): Omit<SocketSpot, 'y'>[] {
	return across.flatMap(({ node, handle, side }) => {
		const inner = doc.nodes.get(node);
		const is = resolved.get(node);
		if (!inner || !is) return [];
		const spec = (side === 'source' ? is.outputs : is.inputs).find((one) => one.name === handle);
		const label = `${shortName(inner, is)} ${spec?.label ?? handle}`;
		return { side, spec: { ...(spec ?? kept), name: socketName(node, handle), label } };
	});
}

/** A socket that its card no longer has; its wire is kept. */
const kept = { type: '', required: false, many: true, help: '', type_from: null, role: null };

function shortName(node: GraphNode, is: Resolved): string {
	const own = node.data.code ?? node.data.title ?? node.data.name;
	return typeof own === 'string' && own !== '' ? own : (is.type?.title ?? node.type);
}

const wireOf = (edge: GraphEdge, data: WireData, had: Wire | undefined): Wire => ({
	...had,
	id: edge.id,
	type: 'wire',
	source: edge.source,
	sourceHandle: edge.source_handle,
	target: edge.target,
	targetHandle: edge.target_handle,
	data
});

/** What a card is called, on screen and aloud: `Shot 010`, `Asset harbour`, `Shot 020, The quay`. */
export function cardName(node: GraphNode, is: Resolved): string {
	const title = is.type?.title ?? node.type;
	const own = node.data.code ?? node.data.name ?? (node.type === 'scene' ? node.data.scene : undefined);
	const name = typeof own === 'string' && own !== '' ? `${title} ${own}` : title;
	const given = node.data.title;
	return typeof given === 'string' && given !== '' ? `${name}, ${given}` : name;
}

export const idSet = (ids: readonly string[]): ReadonlySet<string> => new Set(ids);
