import type { Operation } from '../api/types.ts';
import { apply, emptyDoc, invert, same, touched, type Doc } from './ops.ts';
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
}

export type Received = 'applied' | 'old' | 'gap';

export class Replica {
	revision = 0;
	logId: string | undefined;
	confirmed: Doc = emptyDoc;
	view: Doc = emptyDoc;
	pending: readonly Batch[] = [];
	readonly history = new History();

	/** Takes the server's whole state. Batches it already contains are dropped; another log knows none of them. */
	load(revision: number, logId: string, doc: Doc): void {
		const sameLog = this.logId === undefined || this.logId === logId;
		this.revision = revision;
		this.logId = logId;
		this.confirmed = doc;
		if (sameLog) this.#dropSettled();
		else this.pending = this.pending.map((batch) => ({ ...batch, acked: undefined }));
		this.#replay(new Set(doc.nodes.keys()));
	}

	/** Takes over batches that an earlier page could not send; there is no undo for them here. */
	adopt(batches: readonly KeptBatch[]): void {
		this.pending = [...batches.map((batch) => ({ ...batch, acked: undefined })), ...this.pending];
		this.#replay(new Set());
	}

	/** Shows the operations at once and returns the batch to send, or undefined when nothing would change. */
	edit(operations: readonly Operation[], options: EditOptions, now = Date.now()): Batch | undefined {
		const back = invert(this.view, operations);
		const batch = this.#push(operations, options.label);
		if (!batch) return undefined;
		this.history.record({ label: options.label, done: operations, back, key: options.key, at: now });
		return batch;
	}

	/** Takes an edit back for good, for example the node of a file that was refused: no undo brings it again. */
	retract(done: readonly Operation[], back: readonly Operation[], label: string): Batch | undefined {
		this.history.forget(done);
		return this.#push(back, label);
	}

	undo(): { batch: Batch; label: string } | undefined {
		return this.#travel(this.history.takeUndo(this.view), (step) => this.history.pushRedo(step));
	}

	redo(): { batch: Batch; label: string } | undefined {
		return this.#travel(this.history.takeRedo(this.view), (step) => this.history.pushUndo(step));
	}

	/** One durable event in server order. `gap` asks the caller to sync; nothing was changed then. */
	receive(revision: number, opId: string | null, operations: readonly Operation[]): Received {
		if (revision <= this.revision) return 'old';
		if (revision !== this.revision + 1) return 'gap';
		this.revision = revision;
		const before = this.confirmed;
		this.confirmed = apply(before, operations);
		const count = this.pending.length;
		const mine = opId === null ? undefined : this.pending.find((batch) => batch.op_id === opId);
		if (mine) this.pending = this.pending.filter((batch) => batch !== mine);
		this.#dropSettled();
		if (this.confirmed !== before || this.pending.length !== count) {
			const ids = touched(operations);
			if (mine) for (const id of touched(mine.operations)) ids.add(id);
			this.#replay(ids);
		}
		return 'applied';
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
		this.history.forget(batch.operations);
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

	#travel(
		step: Step | undefined,
		remember: (step: Step) => void
	): { batch: Batch; label: string } | undefined {
		if (!step) return undefined;
		const back = invert(this.view, step.back);
		const batch = this.#push(step.back, step.label);
		if (!batch) return undefined;
		remember({ label: step.label, done: step.back, back, key: undefined, at: 0 });
		return { batch, label: step.label };
	}

	#dropSettled(): void {
		if (this.pending.some((batch) => batch.acked !== undefined && batch.acked <= this.revision))
			this.pending = this.pending.filter((batch) => batch.acked === undefined || batch.acked > this.revision);
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
