import type { GraphNode, Operation } from '../../api/types.ts';
import { resolve } from '../../catalog/resolve.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { toast } from '../../feedback/toast.ts';
import type { EditOptions } from '../../project/replica.ts';
import { scene as words } from '#words/scenes.ts';
import { idSet } from '../deck.ts';
import type { Box } from '../edits.ts';
import { freeSize, layoutOf } from '../geometry.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { group, housed, reframe, settle, targets, tightFrame, ungroup } from './grouping.ts';
import { cannotLink, duplicateLinked, followers, unlink } from './linked.ts';
import { freeNumber } from './numbering.ts';
import { above, boxOf, contents, isScene, type Sizes } from './tree.ts';

/**
 * Everything people do with scenes on one board. Fetched with the first scene that is shown and with the commands;
 * from then on the workbench asks it where moved and new cards belong.
 */
export class Scenes {
	readonly #bench: Workbench;

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
		const { board, session, catalog, aspect } = this.#bench;
		const card = board.card(id);
		if (card?.width && card.height) return { width: card.width, height: card.height };
		const node = session.doc.nodes.get(id);
		if (!node) return { width: 0, height: 0 };
		return layoutOf(resolve(session.doc, node, catalog), aspect, 0, { size: freeSize(node) });
	};

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
		const into = operations.flatMap((one) =>
			one.op === 'node.move' && one.parent !== undefined ? [one.parent] : []
		);
		if (!into.length) return { operations };
		const scene = into.find((one) => one !== null);
		const label = scene ? words.didMoveIn(this.nameOf(scene)) : words.didMoveOut;
		announce(label);
		return { operations, label };
	}

	/** A new card as it lies where it is put. */
	house(node: GraphNode): GraphNode {
		const { session, catalog, aspect } = this.#bench;
		const numbered =
			isScene(node) && node.data.scene === undefined
				? { ...node, data: { ...node.data, scene: freeNumber(session.doc) } }
				: node;
		const { width, height } = layoutOf(resolve(session.doc, numbered, catalog), aspect, 0, {
			size: freeSize(node)
		});
		const sizes: Sizes = (id) => (id === node.id ? { width, height } : this.sizes(id));
		return housed(session.doc, numbered, sizes, this.folded);
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
		view.collapse(frames, false);
		if (!this.#edit(ungroup(session.doc, frames), { label })) return;
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
		view.collapse(ids, fold);
		board.select(ids);
		announce(fold ? words.didCollapse(this.nameOf(first)) : words.didExpand(this.nameOf(first)));
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
		const made = duplicateLinked(session.doc, id, this.sizes(id).width + 48);
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
