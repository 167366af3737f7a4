import type { Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import type { Doc } from '../project/ops.ts';
import { habits } from '../ui/habits.svelte.ts';
import type { Box, Spot } from './edits.ts';
import { Deck, idSet, type Card, type Wire } from './deck.ts';
import { late } from '../feedback/late.ts';
import type { Guide, Neighbours } from './gestures/guides.ts';
import { boundsOf, covers, grown, levelAt, sightOf, touches, type Level } from './lens.ts';
import { cardsNear } from './near.ts';
import type { Size, Viewport } from './placing.ts';

/**
 * The board: all cards and wires, what is selected, and the few cards near what is in sight, which are all that
 * Svelte Flow is given. A board of ten thousand shots costs a frame no more than one of fifty.
 *
 * Everything Svelte Flow writes comes through `accept`: a drag, the arrow keys, a selection box. Nothing here talks
 * to the server.
 */

/** How far beyond the screen cards are handed to Svelte Flow, in screens: so seldom does the list change. */
const AROUND = 0.75;
/** Zoomed in this much since, the list is made anew, because it holds too many. */
const TOO_WIDE = 6;
/** How near a line pulls what is dragged, in screen pixels. */
const REACH = 6;
/** So many cards at once are no trouble, wherever they are. */
const FEW = 100;
const STILL: Spot = { x: 0, y: 0 };

function unchanged(before: string[], all: readonly { id: string; selected?: boolean }[]): string[] {
	const now = all.filter((one) => one.selected).map((one) => one.id);
	return now.length === before.length && now.every((id, at) => id === before[at]) ? before : now;
}

export class Board {
	nodes = $state.raw<Card[]>([]);
	edges = $state.raw<Wire[]>([]);
	/** What Svelte Flow has: cards around what is in sight, and those that are selected if they are few. Nothing in the overview. */
	shown = $state.raw<Card[]>([]);
	/** The wires around what is in sight. */
	strung = $state.raw<Wire[]>([]);
	level = $state<Level>('card');

	#chosenWires: string[] = [];
	/** The same list while the same are chosen: what shows the selection is not asked again for each frame of a drag. */
	selected = $state.raw<string[]>([]);
	selectedWires = $derived((this.#chosenWires = unchanged(this.#chosenWires, this.edges)));

	/** How many cards are being dragged. */
	held = $state(0);
	/** Lines along which what is dragged stands with what is around it. */
	guides = $state.raw<readonly Guide[]>([]);

	readonly deck = new Deck();
	#onmove: (operations: Operation[]) => void;
	#area: Box | undefined;
	#zoom = 1;
	#pull: Spot = STILL;
	/** Fetched with the first drag. */
	#neighbours: typeof Neighbours | undefined;
	/** What stands around what is dragged: until it is let go, or the board is another. */
	#around: Neighbours | undefined;

	constructor(onmove: (operations: Operation[]) => void) {
		this.#onmove = onmove;
	}

	show(
		doc: Doc,
		catalog: CatalogIndex,
		aspect: number,
		collapsed?: ReadonlySet<string>,
		unfolded?: ReadonlySet<string>
	): void {
		const { cards, wires } = this.deck.deal(doc, catalog, aspect, collapsed, unfolded);
		this.nodes = cards;
		this.edges = wires;
		this.selected = unchanged(this.selected, cards);
		this.#gather();
	}

	/** The viewer looks there. Cheap: called for each frame of a pan. */
	look(view: Viewport, screen: Size): void {
		const level = levelAt(view.zoom, this.level);
		const sight = sightOf(view, screen);
		this.#zoom = view.zoom;
		if (level !== this.level) this.level = level;
		else if (this.#area && covers(this.#area, sight) && this.#area.width < sight.width * TOO_WIDE) return;
		else if (level === 'overview' && this.#area === undefined) return;
		this.#area = level === 'overview' ? undefined : grown(sight, AROUND);
		this.#gather();
	}

	accept(given: Card[]): void {
		const cards = this.#aligned(given);
		this.shown = this.#quiet(cards);
		this.#take([...cards, ...this.#along(cards)]);
	}

	/**
	 * Of a large selection Svelte Flow knows only what is around the screen, so that a drag of thousands of cards costs
	 * a frame no more than one of a few. What it does to those is done to the rest: when they are let go, the rest comes
	 * along; when none of them is selected any more, neither is the rest.
	 */
	#along(cards: readonly Card[]): Card[] {
		if (this.selected.length <= FEW) return [];
		const before = (card: Card) => this.card(card.id);
		const known = cards.filter((card) => before(card)?.selected);
		const shown = idSet(cards.map((card) => card.id));
		if (!known.some((card) => card.selected) && cards.some((card) => before(card) !== card)) {
			const rest = this.selected.filter((id) => !shown.has(id));
			return rest.flatMap((id) => this.card(id) ?? []).map((card) => ({ ...card, selected: false }));
		}
		const led = cards.filter((card) => card.selected && !card.dragging && before(card)?.dragging);
		const first = led[0];
		if (!first) return [];
		const by = { x: first.position.x - first.data.node.x, y: first.position.y - first.data.node.y };
		const moved = idSet(led.map((card) => card.id));
		return this.#put(
			this.tops(this.selected).filter((id) => !moved.has(id)),
			by,
			false
		);
	}

	/**
	 * Svelte Flow puts on the page whatever it is told is being dragged, in sight or not: of everything selected on a
	 * large board that is thousands of cards. Those far from what is in sight are dragged without its knowing.
	 */
	#quiet(cards: Card[]): Card[] {
		const area = this.#area;
		if (!area || cards.length <= FEW) return cards;
		return cards.map((card) => {
			const box = card.dragging ? this.deck.box(card.id) : undefined;
			return box && !touches(box, area) ? { ...card, dragging: false } : card;
		});
	}

	/** What is dragged stands in line with what is around it, and stays there when it is let go. */
	#aligned(cards: Card[]): Card[] {
		const before = (card: Card) => this.card(card.id);
		const moving = cards.filter((card) => before(card) !== card && (card.dragging || before(card)?.dragging));
		if (!moving.length) return cards;
		const ended = !moving[0]?.dragging;
		this.held = ended ? 0 : moving.length;
		if (!ended) {
			const ids = idSet(moving.map((card) => card.id));
			const boxes = moving.flatMap((card): Box[] => {
				const [box, was] = [this.box(card.id), before(card)?.position];
				return box && was
					? [{ ...box, x: box.x + card.position.x - was.x, y: box.y + card.position.y - was.y }]
					: [];
			});
			const whole = boundsOf(boxes);
			if (!this.#neighbours)
				void late(() => import('./gestures/guides.ts')).then(
					({ Neighbours }) => (this.#neighbours = Neighbours)
				);
			else this.#around ??= new this.#neighbours(this.#boxesBeside(cards, ids));
			const found = !whole || habits.snap ? undefined : this.#around?.align(whole, REACH / this.#zoom);
			this.#pull = found?.by ?? STILL;
			this.guides = found?.guides ?? [];
		}
		const { x, y } = this.#pull;
		if (ended) [this.#pull, this.guides, this.#around] = [STILL, [], undefined];
		if (!x && !y) return cards;
		const pulled = idSet(moving.map((card) => card.id));
		return cards.map((card) =>
			pulled.has(card.id) ? { ...card, position: { x: card.position.x + x, y: card.position.y + y } } : card
		);
	}

	#boxesBeside(cards: readonly Card[], moving: ReadonlySet<string>): Box[] {
		const beside = cards.filter(
			(card) => !moving.has(card.id) && !this.#isIn(card, moving) && !card.data.layout.frame
		);
		return this.boxes(beside.map((card) => card.id));
	}

	#isIn(card: Card, ids: ReadonlySet<string>): boolean {
		let up = card.parentId;
		while (up !== undefined && !ids.has(up)) up = this.card(up)?.parentId;
		return up !== undefined;
	}

	/** Puts cards so far from where the document has them, while they are dragged and when they are let go. */
	shift(ids: readonly string[], by: Spot, dragging: boolean): void {
		this.#take(this.#put(ids, by, dragging));
		this.#gather();
	}

	#put(ids: readonly string[], by: Spot, dragging: boolean): Card[] {
		return ids.flatMap((id): Card[] => {
			const card = this.card(id);
			if (!card || card.draggable === false) return [];
			const { x, y } = card.data.node;
			return [{ ...card, dragging, position: { x: x + by.x, y: y + by.y } }];
		});
	}

	/** Those of the cards that lie in none of the others: what moves by itself. */
	tops(ids: readonly string[]): string[] {
		const all = idSet(ids);
		return ids.filter((id) => {
			const card = this.card(id);
			return card === undefined || !this.#isIn(card, all);
		});
	}

	/** Selects exactly these cards; those that are not on the board yet, as soon as they are. */
	select(ids: readonly string[]): void {
		const wanted = idSet(ids);
		this.deck.want(wanted);
		this.#take(
			this.nodes
				.filter((card) => !!card.selected !== wanted.has(card.id))
				.map((card) => ({ ...card, selected: wanted.has(card.id) }))
		);
		this.selectWires([]);
		this.#gather();
	}

	selectWires(ids: readonly string[]): void {
		const wanted = idSet(ids);
		if (!ids.length && !this.edges.some((wire) => wire.selected)) return;
		this.edges = this.deck.kept(
			this.edges.map((wire) =>
				!!wire.selected === wanted.has(wire.id) ? wire : { ...wire, selected: wanted.has(wire.id) }
			)
		);
		this.strung = this.strung.flatMap((wire) => this.deck.wire(wire.id) ?? []);
	}

	/** Where a card lies on the board itself, also inside scenes. */
	box(id: string): Box | undefined {
		return this.deck.box(id);
	}

	/** Where all cards lie that can be seen. */
	boxes(ids?: readonly string[]): Box[] {
		const cards = ids ? ids.flatMap((id) => this.card(id) ?? []) : this.nodes;
		return cards.flatMap((card) => (card.hidden ? [] : (this.box(card.id) ?? [])));
	}

	card(id: string): Card | undefined {
		return this.deck.card(id);
	}

	#take(cards: readonly Card[]): void {
		const changed = cards.filter((card) => this.card(card.id) !== card);
		if (!changed.length) return;
		const chosen = changed.some((card) => !!card.selected !== !!this.card(card.id)?.selected);
		const moves = this.deck.moved(changed);
		this.nodes = this.deck.laid(this.nodes, changed);
		if (chosen) this.selected = unchanged(this.selected, this.nodes);
		if (moves.length) this.#onmove(moves);
	}

	/** Picks what Svelte Flow gets. Scenes come along with their cards, as it wants parents first. */
	#gather(): void {
		const area = this.#area;
		this.#around = undefined;
		if (!area) {
			if (this.shown.length) this.shown = [];
			if (this.strung.length) this.strung = [];
			return;
		}
		this.shown = this.#quiet(cardsNear(this.nodes, this.deck, area, this.selected.length <= FEW));
		this.strung = this.edges.filter((wire) => {
			const box = this.deck.reach(wire);
			return box !== undefined && touches(box, area);
		});
	}
}
