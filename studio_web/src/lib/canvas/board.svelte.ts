import type { Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import type { Doc } from '../project/ops.ts';
import type { Box } from './edits.ts';
import { Deck, idSet, type Card, type Wire } from './deck.ts';

/**
 * The board as Svelte Flow binds it: what is shown, what is selected, and where its gestures come in.
 *
 * Everything Svelte Flow writes comes through `accept`: a drag, the arrow keys, a selection box. Nothing here talks
 * to the server.
 */
export class Board {
	nodes = $state.raw<Card[]>([]);
	edges = $state.raw<Wire[]>([]);

	selected = $derived(this.nodes.filter((card) => card.selected).map((card) => card.id));
	selectedWires = $derived(this.edges.filter((wire) => wire.selected).map((wire) => wire.id));

	readonly deck = new Deck();
	#onmove: (operations: Operation[]) => void;

	constructor(onmove: (operations: Operation[]) => void) {
		this.#onmove = onmove;
	}

	show(doc: Doc, catalog: CatalogIndex, aspect: number): void {
		const { cards, wires } = this.deck.deal(doc, catalog, aspect);
		this.nodes = cards;
		this.edges = wires;
	}

	accept(cards: Card[]): void {
		const moves = this.deck.moved(cards);
		this.nodes = cards;
		if (moves.length) this.#onmove(moves);
	}

	acceptEdges(wires: Wire[]): void {
		this.edges = this.deck.kept(wires);
	}

	/** Selects exactly these cards; those that are not on the board yet, as soon as they are. */
	select(ids: readonly string[]): void {
		const wanted = idSet(ids);
		this.deck.want(wanted);
		this.accept(
			this.nodes.map((card) =>
				!!card.selected === wanted.has(card.id) ? card : { ...card, selected: wanted.has(card.id) }
			)
		);
		this.acceptEdges(this.edges.map((wire) => (wire.selected ? { ...wire, selected: false } : wire)));
	}

	/** Where a card lies on the board itself, also inside scenes. */
	box(id: string): Box | undefined {
		return this.deck.box(id);
	}

	card(id: string): Card | undefined {
		return this.deck.card(id);
	}
}
