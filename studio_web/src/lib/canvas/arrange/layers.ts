import { Graph, layout } from '@dagrejs/dagre';

/**
 * Cards in columns, from what feeds to what is fed. Runs in the worker: dagre places them, long columns are then
 * folded, so that forty shots make a block and not a tower. Pure.
 */

export interface LayerCard {
	id: string;
	width: number;
	height: number;
}

export interface Layer {
	/** In story order: cards of one column keep it. */
	cards: LayerCard[];
	wires: [string, string][];
}

export interface Spots {
	[id: string]: { x: number; y: number };
}

const ACROSS = 72;
const DOWN = 40;
/** A column that is longer than this many cards is folded into several. */
const MOST = 5;

interface Column {
	x: number;
	cards: (LayerCard & { y: number })[];
}

function columnsOf({ cards, wires }: Layer): Column[] {
	const graph = new Graph();
	graph.setGraph({ rankdir: 'LR', nodesep: DOWN, ranksep: ACROSS, ranker: 'network-simplex' });
	graph.setDefaultEdgeLabel(() => ({}));
	for (const { id, width, height } of cards) graph.setNode(id, { width, height });
	for (const [from, to] of wires) graph.setEdge(from, to);
	layout(graph);
	const columns = new Map<number, Column>();
	for (const card of cards) {
		const at = graph.node(card.id) as { x: number; y: number };
		const column = columns.get(Math.round(at.x)) ?? { x: at.x, cards: [] };
		columns.set(Math.round(at.x), column);
		column.cards.push({ ...card, y: at.y });
	}
	const sorted = [...columns.values()].sort((a, b) => a.x - b.x);
	// Upside down has as few crossings: the way up in which the story reads downwards is the right one.
	if (upsideDown(sorted)) for (const { cards: column } of sorted) for (const card of column) card.y = -card.y;
	return sorted;
}

/** Whether more neighbours stand against the story than with it; `cards` of a column are in story order. */
function upsideDown(columns: readonly Column[]): boolean {
	let against = 0;
	for (const { cards } of columns)
		for (const [n, card] of cards.entries()) if (n) against += card.y < (cards[n - 1]?.y ?? 0) ? 1 : -1;
	return against > 0;
}

/** Cards that no wire joins to anything, in rows below the rest. */
function loose(layer: Layer): Set<string> {
	const wired = new Set(layer.wires.flat());
	return new Set(layer.cards.filter((card) => !wired.has(card.id)).map((card) => card.id));
}

const height = (cards: readonly LayerCard[]) =>
	cards.reduce((sum, card) => sum + card.height, 0) + DOWN * Math.max(0, cards.length - 1);

function block(cards: readonly LayerCard[]): LayerCard[][] {
	const rows = cards.length <= MOST ? cards.length : Math.max(MOST, Math.ceil(Math.sqrt(cards.length)));
	const columns: LayerCard[][] = [];
	for (let at = 0; at < cards.length; at += rows) columns.push(cards.slice(at, at + rows));
	return columns;
}

/** The corner of every card, counted from the corner of all of them. */
export function layers(layer: Layer): Spots {
	const spots: Spots = {};
	const alone = loose(layer);
	const order = new Map(layer.cards.map((card, index) => [card.id, index]));
	const wired = { ...layer, cards: layer.cards.filter((card) => !alone.has(card.id)) };
	const columns = wired.cards.length
		? columnsOf(wired).flatMap(({ cards }) => {
				const sorted =
					cards.length > MOST
						? [...cards].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
						: [...cards].sort((a, b) => a.y - b.y);
				return block(sorted);
			})
		: [];
	const tallest = Math.max(0, ...columns.map(height));
	let x = 0;
	for (const column of columns) {
		let y = Math.round((tallest - height(column)) / 2);
		for (const card of column) {
			spots[card.id] = { x, y };
			y += card.height + DOWN;
		}
		x += Math.max(...column.map((card) => card.width)) + ACROSS;
	}
	rows(
		layer.cards.filter((card) => alone.has(card.id)),
		tallest ? tallest + 2 * DOWN : 0,
		spots
	);
	return spots;
}

function rows(cards: readonly LayerCard[], top: number, spots: Spots): void {
	const most = Math.max(MOST, Math.ceil(Math.sqrt(cards.length)));
	let y = top;
	for (let at = 0; at < cards.length; at += most) {
		const row = cards.slice(at, at + most);
		let x = 0;
		for (const card of row) {
			spots[card.id] = { x, y };
			x += card.width + ACROSS;
		}
		y += Math.max(...row.map((card) => card.height)) + DOWN;
	}
}
