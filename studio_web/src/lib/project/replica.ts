import type { Operation } from '../api/types.ts';
import { apply, difference, emptyDoc, invert, same, touched, type Doc } from './ops.ts';
import { History, type Step } from './history.ts';
import type { KeptBatch } from './shelf.ts';

/**
 * What the server has confirmed plus what this page has done since. No framework, no socket.
 *
 * `view` is what a person sees: the confirmed document with the pending batches on top. The server's order wins;
 * a batch of mine leaves `pending` when its event arrives, in whatever form the server gave it.
 */

export interface Batch extends KeptBatch {
	/** The revision the server acknowledged it with; undefined until then. */
	acked: number | undefined;
}

export interface EditOptions {
	label: string;
	/** Bursts with the same key (typing in one field, dragging the same nodes) become one undo step. */
	key?: string;
	/** With a key: one step however long it takes, for what is too much for one batch. */
	whole?: boolean;
}

/** What an undo or redo did. */
export interface Travelled {
	label: string;
	/** Cards that are on the board again. */
	back: readonly string[];
	/** How many steps were passed over because others have written there since. */
	left: number;
}

/** Who caused an event, where it was not this page. */
export type By = 'person' | 'machine' | 'between';

export type Received = 'applied' | 'mine' | 'old' | 'gap';

/** A take with the pictures of the chosen one stands for it: who chose that one can still take the choice back. */
const isNoChoice = (one: Operation): boolean => one.op !== 'node.set' || one.name !== 'active_take';

export class Replica {
	revision = 0;
	logId: string | undefined;
	confirmed: Doc = emptyDoc;
	view: Doc = emptyDoc;
	pending: readonly Batch[] = [];
	readonly history = new History();
	/** What the studio was asked to do on the board for this person, by op_id or task: it is theirs to undo. */
	readonly ordered = new Map<string, string>();

	/** Takes the server's whole state. Batches it already contains are dropped; another log knows none of them. */
	load(revision: number, logId: string, doc: Doc): void {
		const first = this.logId === undefined;
		const sameLog = first || this.logId === logId;
		const shown = this.view;
		this.revision = revision;
		this.logId = logId;
		this.confirmed = doc;
		if (sameLog) this.#dropSettled();
		else this.pending = this.pending.map((batch) => ({ ...batch, acked: undefined }));
		this.#replay(new Set(doc.nodes.keys()));
		// What others did while this page heard nothing; a number that the studio gave holds no card.
		if (!first)
			for (const one of difference(shown, this.view))
				this.history.yield([one], one.op !== 'node.set' || !given.has(one.name));
	}

	/** Takes over batches that an earlier page could not send. How to undo them is known when they are through. */
	adopt(batches: readonly KeptBatch[]): void {
		for (const { op_id, operations, label } of batches)
			this.history.record(label, { op_id, done: operations, back: [], settled: false }, Date.now());
		this.pending = [...batches.map((batch) => ({ ...batch, acked: undefined })), ...this.pending];
		this.#replay(new Set());
	}

	/** Shows the operations at once and returns the batch to send, or undefined when nothing would change. */
	edit(operations: readonly Operation[], options: EditOptions, now = Date.now()): Batch | undefined {
		const back = invert(this.view, operations);
		const batch = this.#push(operations, options.label);
		if (!batch) return undefined;
		const part = { op_id: batch.op_id, done: operations, back, settled: false };
		this.history.record(options.label, part, now, options.key, options.whole);
		return batch;
	}

	/** Takes over what an earlier page could undo. */
	adoptHistory(undo: readonly Step[], redo: readonly Step[]): void {
		this.history.adopt(undo, redo, new Set(this.pending.map((batch) => batch.op_id)));
	}

	/** Takes an edit back for good, for example the node of a file that was refused: no undo brings it again. */
	retract(done: readonly Operation[], back: readonly Operation[], label: string): Batch | undefined {
		this.history.disown(new Set(done.flatMap((one) => (one.op === 'node.add' ? one.node.id : []))));
		return this.#push(back, label);
	}

	/** Sends the inverse of the newest step; undefined when there is none, and `left` says how many others hold. */
	undo(): Travelled | { left: number } {
		return this.#travel('undo', 'redo');
	}

	redo(): Travelled | { left: number } {
		return this.#travel('redo', 'undo');
	}

	/** One durable event in server order. `gap` asks the caller to sync; nothing was changed then. */
	receive(
		revision: number,
		opId: string | null,
		operations: readonly Operation[],
		by: By = 'person'
	): Received {
		if (revision <= this.revision) return 'old';
		if (revision !== this.revision + 1) return 'gap';
		this.revision = revision;
		const before = this.confirmed;
		this.confirmed = apply(before, operations);
		const count = this.pending.length;
		const mine = opId === null ? undefined : this.pending.find((batch) => batch.op_id === opId);
		if (mine) {
			this.pending = this.pending.filter((batch) => batch !== mine);
			this.history.settle(mine.op_id, { done: operations, back: invert(before, operations) });
		} else if (operations.length) {
			const theirs = by === 'between' ? operations.filter(isNoChoice) : operations;
			this.history.yield(theirs, by === 'person');
			const label = opId === null ? undefined : this.ordered.get(opId);
			if (opId !== null && label !== undefined) {
				const back = invert(before, operations);
				this.history.record(label, { op_id: opId, done: operations, back, settled: true }, Date.now());
			}
		}
		this.#dropSettled();
		if (this.confirmed !== before || this.pending.length !== count) {
			const ids = touched(operations);
			if (mine) for (const id of touched(mine.operations)) ids.add(id);
			this.#replay(ids);
		}
		return mine ? 'mine' : 'applied';
	}

	/** The server has taken a batch as `revision`; its event may come later or may have come already. */
	acknowledge(opId: string, revision: number): void {
		const batch = this.pending.find((one) => one.op_id === opId);
		if (!batch) return;
		batch.acked = revision;
		if (revision <= this.revision) {
			this.#dropSettled();
			this.#replay(touched(batch.operations));
		}
	}

	/** The server refused a batch: take it back and forget its undo step. */
	reject(opId: string): Batch | undefined {
		const batch = this.pending.find((one) => one.op_id === opId);
		if (!batch) return undefined;
		this.pending = this.pending.filter((one) => one !== batch);
		this.history.forget(opId);
		this.#replay(touched(batch.operations));
		return batch;
	}

	/** Batches the server has not answered yet, in the order to send them. */
	get unsent(): readonly Batch[] {
		return this.pending.filter((batch) => batch.acked === undefined);
	}

	#push(operations: readonly Operation[], label: string): Batch | undefined {
		const view = apply(this.view, operations);
		if (view === this.view) return undefined;
		const batch: Batch = { op_id: crypto.randomUUID(), operations, label, acked: undefined };
		this.pending = [...this.pending, batch];
		this.view = view;
		return batch;
	}

	#travel(from: 'undo' | 'redo', to: 'undo' | 'redo'): Travelled | { left: number } {
		const { taken, left } = this.history.take(from, this.view);
		if (!taken) return { left };
		const parts = chunks(taken.back).flatMap((done): Step['parts'] => {
			const back = invert(this.view, done);
			const batch = this.#push(done, taken.step.label);
			return batch ? [{ op_id: batch.op_id, done, back, settled: false }] : [];
		});
		// Nothing to see: the board is like that already. The next step then.
		if (!parts.length) return this.#travel(from, to);
		const { label, at } = taken.step;
		this.history.push(to, { label, parts, key: undefined, at });
		const back = taken.back.flatMap((one) => (one.op === 'node.add' ? one.node.id : []));
		return { label, back, left };
	}

	#dropSettled(): void {
		const done = this.pending.filter((batch) => batch.acked !== undefined && batch.acked <= this.revision);
		if (!done.length) return;
		this.pending = this.pending.filter((batch) => !done.includes(batch));
		for (const { op_id } of done) this.history.settle(op_id);
	}

	/** Rebuilds the view; nodes that come out equal keep the object the screen already has. */
	#replay(changed: Set<string>): void {
		const shown = this.view;
		let view = this.confirmed;
		for (const batch of this.pending) {
			view = apply(view, batch.operations);
			for (const id of touched(batch.operations)) changed.add(id);
		}
		const kept = keepIdentity(view, shown, changed);
		if (this.pending.length === 0) this.confirmed = kept;
		this.view = kept;
	}
}

/** Set by the studio itself. */
const given: ReadonlySet<string> = new Set(['code', 'active_take']);

/** The studio takes so many operations at once. */
export const BATCH = 2000;

export function chunks(operations: readonly Operation[], most = BATCH): (readonly Operation[])[] {
	if (operations.length <= most) return [operations];
	const count = Math.ceil(operations.length / most);
	return Array.from({ length: count }, (_, n) => operations.slice(n * most, (n + 1) * most));
}

function keepIdentity(next: Doc, shown: Doc, changed: Set<string>): Doc {
	const nodes = new Map(next.nodes);
	let reused = false;
	for (const id of changed) {
		const node = nodes.get(id);
		const old = shown.nodes.get(id);
		if (node && old && node !== old && same(node, old)) {
			nodes.set(id, old);
			reused = true;
		}
	}
	return reused ? { nodes, edges: next.edges } : next;
}
