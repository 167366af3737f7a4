import { flushSync } from 'svelte';
import type { GraphNode, Operation } from '../../api/types.ts';
import { into, resolve } from '../../catalog/resolve.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { toast } from '../../feedback/toast.ts';
import { apply, type Doc } from '../../project/ops.ts';
import type { EditOptions } from '../../project/replica.ts';
import { scene as words } from '#words/scenes.ts';
import { idSet } from '../deck.ts';
import type { Box, Spot } from '../edits.ts';
import { freeSize, layoutOf, type Layout } from '../geometry.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { group, reframe, sceneAt, settle, targets, tightFrame, ungroup } from './grouping.ts';
import { housed, type Housed } from './housing.ts';
import { cannotLink, duplicateLinked, followers, unlink } from './linked.ts';
import { freeNumber } from './numbering.ts';
import { beside, madeWay } from './room.ts';
import { above, boxOf, contents, isScene, openSizes, type Sizes } from './tree.ts';

/**
 * Everything people do with scenes on one board. Fetched with the first scene that is shown and with the commands;
 * from then on the workbench asks it where moved and new cards belong.
 */
export class Scenes {
	readonly #bench: Workbench;
	/** The card that was added last into a scene that was wanted. */
	last: string | undefined;

	/** While cards are dragged: the scene that would take them in, other than the one they lie in. */
	over = $derived.by(() => {
		const { board, session } = this.#bench;
		const dragged = board.nodes.filter((card) => card.dragging).map((card) => card.id);
		if (!dragged.length) return undefined;
		const boxes = (id: string) => board.box(id) ?? boxOf(session.doc, id, this.sizes);
		for (const [id, scene] of targets(session.doc, dragged, boxes, this.folded))
			if (scene !== null && scene !== session.doc.nodes.get(id)?.parent) return scene;
		return undefined;
	});

	constructor(bench: Workbench) {
		this.#bench = bench;
	}

	/** How large cards are drawn; those inside a collapsed scene, how large they would be. */
	readonly sizes: Sizes = (id) => {
		const { board, session } = this.#bench;
		const card = board.card(id);
		if (card?.width && card.height) return { width: card.width, height: card.height };
		const node = session.doc.nodes.get(id);
		return node ? this.sizeOf(node) : { width: 0, height: 0 };
	};

	/** How a card is drawn that the board may not have yet; `doc` is one that has it. */
	sizeOf(node: GraphNode, doc: Doc = this.#with([node])): Layout {
		const { catalog, aspect } = this.#bench;
		return layoutOf(resolve(doc, node, catalog), aspect, 0, {
			size: freeSize(node),
			wires: into(doc, node.id)
		});
	}

	#with(nodes: readonly GraphNode[]): Doc {
		const { doc } = this.#bench.session;
		const add = nodes.filter((node) => !doc.nodes.has(node.id));
		return apply(
			doc,
			add.map((node): Operation => ({ op: 'node.add', node }))
		);
	}

	readonly hasTakes = (id: string): boolean => (this.#bench.session.runs.takes.get(id)?.length ?? 0) > 0;

	readonly folded = (id: string): boolean => this.#bench.view.collapsed.has(id);

	nameOf(id: string): string {
		const data = this.#bench.node(id)?.data ?? {};
		const text = (value: unknown) => (typeof value === 'string' ? value : '');
		return words.called(text(data.scene), text(data.title)).trim();
	}

	/** The scenes that are meant: those selected, else the one around what is selected. */
	meant(on: string | undefined = undefined): string[] {
		const { board, session } = this.#bench;
		const ids = on === undefined ? board.selected : [on];
		const scenes = ids.filter((id) => isScene(session.doc.nodes.get(id)));
		if (scenes.length) return scenes;
		return [...idSet(ids.flatMap((id) => above(session.doc, id)[0] ?? []))];
	}

	/** Finished moves with the scenes that the cards lie in now. */
	settle(moves: readonly Operation[]): { operations: Operation[]; label?: string } {
		const { doc } = this.#bench.session;
		const operations = settle(doc, moves, this.sizes, this.hasTakes, this.folded);
		const entered = operations.flatMap((one) =>
			one.op === 'node.move' && one.parent !== undefined ? [one.parent] : []
		);
		if (!entered.length) return { operations };
		const scene = entered.find((one) => one !== null);
		const label = scene ? words.didMoveIn(this.nameOf(scene)) : words.didMoveOut;
		announce(label);
		return { operations, label };
	}

	/** The innermost scene at a spot of the board, as it is seen. */
	at(spot: Spot): string | null {
		const { board, session } = this.#bench;
		const boxes = (id: string) => board.box(id) ?? boxOf(session.doc, id, this.sizes);
		return sceneAt(session.doc, spot, boxes, this.folded);
	}

	/**
	 * The scene that a card goes into when nobody points at a place: the one that is selected, or the one into which the
	 * card went that was added last and is selected still.
	 */
	wanted(): string | null {
		const { board, session } = this.#bench;
		const [id, other] = board.selected;
		if (id === undefined || other !== undefined) return null;
		const node = session.doc.nodes.get(id);
		if (isScene(node)) return id;
		return id === this.last ? (node?.parent ?? null) : null;
	}

	/** A card that is not on the board yet, with its number if it is a scene. */
	numbered(node: GraphNode): GraphNode {
		if (!isScene(node) || node.data.scene !== undefined) return node;
		return { ...node, data: { ...node.data, scene: freeNumber(this.#bench.session.doc) } };
	}

	/** New cards as they lie in a scene, and what makes room for them there; where there is none, as they came. */
	house(nodes: readonly GraphNode[], scene: string | null): Housed {
		if (scene === null) return { nodes: [...nodes], grow: [] };
		const { session, catalog } = this.#bench;
		const made = Object.fromEntries(nodes.map((node) => [node.id, node]));
		const after = this.#with(nodes);
		return housed(session.doc, nodes, scene, {
			sizes: (id) => (made[id] ? this.sizeOf(made[id], after) : this.sizes(id)),
			folded: this.folded,
			numbered: (node) => typeof node.data.scene === 'string' || !!catalog.type(node.type)?.task
		});
	}

	/** The card itself, or the collapsed scene that stands for it. */
	shownFor(id: string): string {
		return above(this.#bench.session.doc, id).findLast(this.folded) ?? id;
	}

	/** What a card takes up on the board; a collapsed scene as much as when it is open. */
	room(id: string): Box | undefined {
		const box = this.#bench.board.box(id);
		return box && { ...box, ...openSizes(this.#bench.session.doc, this.sizes)(id) };
	}

	group(): void {
		const { board, session } = this.#bench;
		const made = group(session.doc, board.selected, this.sizes, this.hasTakes);
		if (!made) return;
		const count = made.operations.filter((one) => one.op === 'node.move').length;
		const number = made.operations[0]?.op === 'node.add' ? String(made.operations[0].node.data.scene) : '';
		this.#edit(made.operations, { label: words.didGroup(words.name(number), count) });
		board.select([made.id]);
	}

	ungroup(ids: readonly string[] = this.meant()): void {
		const { session, board, view } = this.#bench;
		const frames = ids.filter((id) => isScene(session.doc.nodes.get(id)));
		const inside = frames.flatMap((id) => contents(session.doc, id));
		const label = words.didUngroup(frames.length);
		const way = madeWay(session.doc, frames.filter(this.folded), this.sizes).operations;
		view.collapse(frames, false);
		if (!this.#edit([...way, ...ungroup(apply(session.doc, way), frames)], { label })) return;
		toast.undo(label, () => this.#bench.undo(), { id: 'removed' });
		board.select(inside);
	}

	/** What is said when scenes are removed with what lies in them; nothing where none is among the cards. */
	removeLabel(ids: readonly string[]): string | undefined {
		const { doc } = this.#bench.session;
		const scenes = ids.filter((id) => isScene(doc.nodes.get(id)));
		const [first] = scenes;
		if (first === undefined) return undefined;
		const held = idSet(scenes.flatMap((id) => contents(doc, id)));
		const others = ids.filter((id) => !scenes.includes(id) && !held.has(id)).length;
		return scenes.length === 1 && !others
			? words.didRemove(this.nameOf(first), held.size)
			: words.didRemoveMany(scenes.length, held.size + others);
	}

	/** The viewer's own: nobody else's board changes. */
	collapse(ids: readonly string[] = this.meant()): void {
		const { view, board } = this.#bench;
		const [first] = ids;
		if (first === undefined) return;
		const fold = !ids.every((id) => view.collapsed.has(id));
		if (fold) view.collapse(ids, fold);
		else this.open(ids);
		board.select(ids);
		announce(fold ? words.didCollapse(this.nameOf(first)) : words.didExpand(this.nameOf(first)));
	}

	/** What was put where a collapsed scene has its room goes aside when the scene opens; nothing lies on its cards. */
	open(ids: readonly string[]): void {
		const { session, view } = this.#bench;
		view.collapse(ids, false);
		const { operations, moved } = madeWay(session.doc, ids, this.sizes);
		const label = words.didMakeWay(moved);
		if (this.#edit(operations, { label })) toast.undo(label, () => this.#bench.undo(), { id: 'made-way' });
	}

	/** Brings a card into sight that closed scenes hide; `shut` are those, the innermost first. */
	reveal(id: string, shut: readonly string[]): void {
		this.open(shut);
		// The board has its place only once it is dealt anew.
		flushSync();
		this.#bench.showAll([id]);
	}

	/** Makes a frame as large as its cards need. */
	fit(id: string): void {
		const { doc } = this.#bench.session;
		const frame = tightFrame(doc, id, this.sizes);
		if (frame) this.#edit(reframe(doc, id, frame), { label: words.didFit });
	}

	resize(id: string, frame: Box): void {
		this.#edit(reframe(this.#bench.session.doc, id, frame), { label: words.didResize });
	}

	/** The smallest frame that may be pulled. */
	need(id: string): Box | undefined {
		return tightFrame(this.#bench.session.doc, id, this.sizes);
	}

	colour(ids: readonly string[], colour: string): void {
		const operations = ids.map((id): Operation => ({ op: 'node.set', id, name: 'colour', value: colour }));
		this.#edit(operations, { label: words.didColour });
	}

	cannotLink(id: string): ReturnType<typeof cannotLink> {
		return cannotLink(this.#bench.session.doc, id);
	}

	followers(id: string): string[] {
		return followers(this.#bench.session.doc, id);
	}

	duplicateLinked(id: string): void {
		const { session, board } = this.#bench;
		const made = duplicateLinked(session.doc, id, beside(session.doc, id, this.sizes));
		if (!made) return;
		const frame = made.operations.find((one) => one.op === 'node.add' && one.node.id === made.id);
		const number = frame?.op === 'node.add' ? String(frame.node.data.scene ?? '') : '';
		this.#edit(made.operations, { label: words.didLink(words.name(number)) });
		board.select([made.id]);
		this.#bench.camera?.fit([id, made.id]);
	}

	unlink(id: string): void {
		this.#edit(unlink(this.#bench.session.doc, id), { label: words.didUnlink(this.nameOf(id)) });
	}

	#edit(operations: readonly Operation[], options: EditOptions): boolean {
		if (!operations.length || !this.#bench.session.edit(operations, options)) return false;
		announce(options.label);
		return true;
	}
}

/** The scenes of a board: one object, made when it is first asked for. */
export function scenesOf(bench: Workbench): Scenes {
	if (bench.scenes) return bench.scenes;
	// Not owned by the card that asks first: it outlives it.
	let made: Scenes | undefined;
	$effect.root(() => void (made = new Scenes(bench)));
	return (bench.scenes = made!);
}
