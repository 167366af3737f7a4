import { createContext } from 'svelte';
import { isErrorBody } from '../api/client.ts';
import type { ErrorBody, GraphNode, Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { judge, type LooseEnd, type Wire } from '../catalog/connect.ts';
import { resolve } from '../catalog/resolve.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { asked } from '../feedback/late.ts';
import { toast } from '../feedback/toast.ts';
import { m } from '../i18n/messages.ts';
import { emptyDoc } from '../project/ops.ts';
import type { Travelled } from '../project/replica.ts';
import type { Session } from '../project/session.svelte.ts';
import { nextTake } from '../takes/marks.ts';
import { Board } from './board.svelte.ts';
import { connect, nudge, remove, replug, type Box, type Spot } from './edits.ts';
import { BoardKeys } from './gestures/keys.ts';
import { holdersOf } from '../project/nesting.ts';
import { Orders } from './orders.ts';
import type { OverviewHand } from './overview/hand.svelte.ts';
import type { Together } from './presence/together.svelte.ts';
import type { Scenes } from './scenes/scenes.svelte.ts';
import { Scissors } from './scissors.ts';
import { Uploads } from './uploads.svelte.ts';
import { View, type Viewport } from './view.svelte.ts';
import { Wiring } from './wiring.svelte.ts';

/**
 * Everything a person can do on one open board, in one place, so that buttons, keys and menus do the same thing.
 *
 * Made by the canvas page and handed down as context. It holds no state of its own but its parts.
 */
export class Workbench {
	readonly session: Session;
	readonly board: Board;
	readonly wiring = new Wiring();
	readonly uploads: Uploads;
	readonly view: View;
	readonly orders: Orders;
	readonly scissors: Scissors;
	readonly keys: BoardKeys;
	catalog = $state.raw() as CatalogIndex;
	/** Working with others; there once the board is painted. */
	together = $state.raw<Together | undefined>();
	/** Set by the canvas: screen to board, the middle of what is in sight, and moving the view. */
	camera: Camera | undefined;
	/** The pointer in the overview, while that is shown. */
	overview: OverviewHand | undefined;
	/** Set once there are scenes: where moved and new cards belong. */
	scenes: Scenes | undefined;
	/** The drag that ends now was made with Alt: it leaves copies. */
	copying = false;
	/** Where the pointer is over the board, on the screen. */
	pointer: Spot | undefined;

	aspect = $derived.by(() => {
		const project = this.session.project;
		return project && project.height > 0 ? project.width / project.height : 16 / 9;
	});

	constructor(session: Session, catalog: CatalogIndex, wide: boolean) {
		this.session = session;
		this.catalog = catalog;
		this.uploads = new Uploads(session.id);
		this.view = new View(session.id, wide);
		this.orders = new Orders(session);
		this.scissors = new Scissors(this);
		this.keys = new BoardKeys(this);
		this.board = new Board((moves) => this.#moved(moves));
		session.holdsOne((card, input) => {
			const alone = { ...emptyDoc, nodes: session.doc.nodes };
			return resolve(alone, card, this.catalog).inputs.find((spec) => spec.name === input)?.many === false;
		});
	}

	/** The board is seen from so far that words on cards cannot be read. */
	get far(): boolean {
		return this.board.level !== 'card';
	}

	node(id: string): GraphNode | undefined {
		return this.session.doc.nodes.get(id);
	}

	/** The one selected node, for the inspector. */
	get chosen(): GraphNode | undefined {
		const [id, other] = this.board.selected;
		return id !== undefined && other === undefined ? this.node(id) : undefined;
	}

	/** Adds a card under the pointer. */
	add(type: string, point: Spot): void {
		asked(
			() => import('./adding.ts'),
			({ addCard }) => addCard(this, type, { x: point.x - 100, y: point.y - 18 }, { point })
		);
	}

	/** Puts a card where a film would have it, and brings it into sight. */
	addInSight(type: string): void {
		asked(
			() => import('./adding.ts'),
			({ addInSight }) => addInSight(this, type)
		);
	}

	set(id: string, name: string, value: unknown, label: string): void {
		const now = this.node(id)?.data[name] ?? null;
		if (now === (value ?? null)) return;
		this.session.edit([{ op: 'node.set', id, name, value: value ?? null }], {
			label,
			key: `set ${id} ${name}`
		});
	}

	/** Several fields of one node as one step. */
	setAll(id: string, fields: Record<string, unknown>, label: string): void {
		const data = this.node(id)?.data ?? {};
		const changed = Object.entries(fields).filter(
			([name, value]) => (data[name] ?? null) !== (value ?? null)
		);
		const operations = changed.map(([name, value]): Operation => ({
			op: 'node.set',
			id,
			name,
			value: value ?? null
		}));
		if (operations.length) this.session.edit(operations, { label });
	}

	/** Makes a wire if it may be; says why when it may not. */
	connect(wire: Wire): boolean {
		const verdict = judge(this.catalog, this.session.doc, wire);
		if (!verdict.ok) {
			this.refuse(verdict.reason);
			return false;
		}
		const operations = connect(this.catalog, this.session.doc, wire);
		if (operations.length) this.session.edit(operations, { label: m.canvas.didConnect });
		return true;
	}

	refuse(reason: string): void {
		toast.warn(reason, { id: 'wire-refused', duration: 4000 });
		announce(reason);
	}

	/** Plugs one end of a wire into another socket, as one step. */
	replug(edge: string, wire: Wire): void {
		const verdict = judge(this.catalog, this.session.doc, wire);
		if (!verdict.ok) return this.refuse(verdict.reason);
		const operations = replug(this.catalog, this.session.doc, edge, wire);
		if (operations.length) this.session.edit(operations, { label: m.canvas.didConnect });
	}

	cut(edge: string): void {
		this.session.edit([{ op: 'edge.remove', id: edge }], { label: m.canvas.didCut });
	}

	/** Takes the selection off the board; takes stay in the project folder. */
	removeSelection(): void {
		const { selected, selectedWires } = this.board;
		const operations = remove(this.session.doc, selected, selectedWires);
		if (!operations.length) return;
		const label =
			this.scenes?.removeLabel(selected) ??
			(selected.length ? m.canvas.didRemove(selected.length) : m.canvas.didCut);
		if (!this.session.edit(operations, { label })) return;
		if (selected.length) toast.undo(label, () => this.undo(), { id: 'removed' });
		announce(label);
	}

	nudge(dx: number, dy: number): void {
		this.#moved(nudge(this.session.doc, this.board.selected, dx, dy));
	}

	undo(): void {
		this.#came(this.session.undo(), m.canvas.undone, m.canvas.nothingToUndo);
		toast.dismiss('removed');
	}

	redo(): void {
		this.#came(this.session.redo(), m.canvas.redone, m.canvas.nothingToRedo);
	}

	/** Cards that came back are selected again; what others hold is said. */
	#came(step: Partial<Travelled> & { left: number }, did: (label: string) => string, none: string): void {
		const text = step.label === undefined ? none : did(step.label);
		if (step.back?.length) this.board.select(step.back);
		if (step.left) toast.warn(text, { id: 'left', description: m.canvas.leftAlone(step.left) });
		announce(step.left ? `${text}. ${m.canvas.leftAlone(step.left)}` : text);
	}

	activate(id: string, take: string): void {
		this.set(id, 'active_take', take, m.canvas.didChooseTake);
		announce(m.canvas.takeNow(take));
	}

	/** Steps through the takes of the selected shots, as `[` and `]` do; rejected ones are passed over. */
	stepTake(by: -1 | 1, ids: readonly string[] = this.board.selected): void {
		for (const id of ids) {
			const data = this.node(id)?.data ?? {};
			const next = nextTake(data, this.session.runs.takes.get(id) ?? [], data.active_take, by);
			if (next) this.activate(id, next.name);
			else if (ids.length === 1) announce(m.shot.noMore);
		}
	}

	/** Selects a card and brings it into sight; the collapsed scenes that hide it open. */
	show(id: string): void {
		const node = this.node(id);
		const shut = node
			? holdersOf(this.session.doc, node).flatMap((one) => (this.view.collapsed.has(one.id) ? one.id : []))
			: [];
		if (!shut.length) return this.showAll([id]);
		asked(
			() => import('./scenes/scenes.svelte.ts'),
			({ scenesOf }) => scenesOf(this).reveal(id, shut)
		);
	}

	/** Selects cards and brings them into sight. */
	showAll(ids: readonly string[]): void {
		this.board.select(ids);
		this.camera?.fit(ids);
	}

	/** Opens the player on the selected shot's take. */
	play(): void {
		const node = this.chosen;
		if (!node) return;
		const film = this.session.runs.filmOf(node.id);
		if (film) this.view.dialog = { kind: 'player', film: film.name };
		else if (this.session.runs.takes.get(node.id)?.length)
			this.view.dialog = { kind: 'player', node: node.id };
	}

	/** Opens the add menu where the pointer is, or in the middle of the board. */
	openAddMenu(end?: LooseEnd, screen: Spot | undefined = this.pointer): void {
		if (!this.camera) return;
		const at = screen ?? this.camera.toScreen(this.camera.middle());
		this.view.addMenu = { screen: at, board: this.camera.toBoard(at), ...(end ? { end } : {}) };
	}

	async generate(ids: readonly string[]): Promise<void> {
		const shots = ids.filter((id) => this.can(id, 'generate'));
		if (!shots.length) return void announce(m.canvas.nothingToGenerate);
		for (const id of shots) await this.orders.generate(id);
	}

	can(id: string, action: string): boolean {
		const node = this.node(id);
		return this.catalog.type(node?.type ?? '')?.actions.some((one) => one.name === action) ?? false;
	}

	/** Files dropped or pasted on the board; `onto` is the card under them. */
	dropFiles(files: readonly File[], at: Spot, onto?: string): void {
		asked(
			() => import('./gestures/file-drop.ts'),
			({ dropFiles }) => dropFiles(this, files, at, onto)
		);
	}

	/** Uploads a file into a card. A card made only for a file that was refused goes away again. */
	async fill(id: string, file: File, madeForIt?: readonly Operation[]): Promise<void> {
		const answer = await this.uploads.send(id, file, this.node(id)?.type === 'audio' ? 'audio' : undefined);
		if (isErrorBody(answer)) {
			if (answer.error !== 'CANCELED') this.fail(answer);
			if (madeForIt) this.session.retract(madeForIt, [{ op: 'node.remove', id }], m.canvas.didRemove(1));
			return;
		}
		const node = this.node(id);
		if (!node) return;
		const name = typeof node.data.name === 'string' && node.data.name ? node.data.name : answer.title;
		const set = (field: string, value: string): Operation => ({ op: 'node.set', id, name: field, value });
		this.session.edit([set('asset', answer.id), set('kind', answer.kind), set('name', name)], {
			label: m.canvas.didFill(answer.title)
		});
		announce(m.canvas.didFill(answer.title));
	}

	fail(error: ErrorBody): void {
		toast.error(error);
		announce(error.message, { urgent: true });
	}

	#moved(moves: Operation[]): void {
		const first = moves[0];
		const from = first?.op === 'node.move' ? this.node(first.id) : undefined;
		if (this.copying && first?.op === 'node.move' && from) {
			// Dragged with Alt: the cards go back, and copies of them lie where they were let go.
			this.copying = false;
			this.board.shift(this.board.selected, { x: 0, y: 0 }, false);
			return this.scissors.duplicate({ x: first.x - from.x, y: first.y - from.y }, true);
		}
		const ids = moves.map((move) => ('id' in move ? move.id : '')).sort();
		const { operations, label } = this.scenes?.settle(moves) ?? { operations: moves };
		// A card that changes its scene is a step of its own; moves within one merge while they go on.
		this.session.edit(
			operations,
			label ? { label } : { label: m.canvas.didMove, key: `move ${ids.join(' ')}` }
		);
	}
}

export interface Camera {
	toBoard: (screen: Spot) => Spot;
	toScreen: (board: Spot) => Spot;
	/** The middle of what is in sight, in board pixels. */
	middle: () => Spot;
	/** Moves the view only if the box is not wholly in sight; `all` are the other cards. */
	reveal: (box: Box, all: readonly Box[]) => void;
	fit: (ids?: readonly string[]) => void;
	zoom: (step: 1 | -1 | 0) => void;
	zoomNow: () => number;
	/** Brings a spot of the board to the middle. */
	centre: (at: Spot) => void;
	/** To a place that was kept. */
	go: (viewport: Viewport) => void;
}

export const [useWorkbench, setWorkbench] = createContext<Workbench>();
