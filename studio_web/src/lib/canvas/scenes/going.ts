import { into } from '../../catalog/resolve.ts';
import type { Doc } from '../../project/ops.ts';
import { isActive } from '../../runs/runs.svelte.ts';
import type { Workbench } from '../workbench.svelte.ts';
import type { Left } from './left.ts';

/** One run of a scene: what of it is still to be started, and what can start now. */

/** A task shows in the page at most so long after it was asked for. */
const SHOW_MS = 5000;

/** Which of the cards must be done before one of them: those from which wires lead to it. */
export function feedersOf(doc: Doc, id: string, among: ReadonlySet<string>): Set<string> {
	const found = new Set<string>();
	const seen = new Set([id]);
	for (const at of seen)
		for (const edge of into(doc, at)) {
			if (among.has(edge.source) && edge.source !== id) found.add(edge.source);
			else seen.add(edge.source);
		}
	return found;
}

export class Going {
	stopped = false;
	readonly #bench: Workbench;
	readonly #waiting: Set<string>;
	readonly #all: ReadonlySet<string>;
	readonly #failed: Set<string>;
	readonly #started = new Map<string, { before: string | undefined; at: number }>();

	/** Goes on with what an earlier page left, where it says; what was asked for there and has not been told yet is here now. */
	constructor(bench: Workbench, { all, waiting, failed }: Pick<Left, 'all' | 'waiting' | 'failed'>) {
		this.#bench = bench;
		const { doc, runs } = bench.session;
		this.#all = new Set(all);
		this.#failed = new Set(failed);
		this.#waiting = new Set(waiting.filter((id) => doc.nodes.has(id) && !isActive(runs.ofNode.get(id))));
		for (const id of all) if (!this.#waiting.has(id)) this.#started.set(id, { before: undefined, at: 0 });
	}

	left(scene: string): Left {
		return { scene, all: [...this.#all], waiting: [...this.#waiting], failed: [...this.#failed] };
	}

	get waiting(): number {
		return this.#waiting.size;
	}

	/** Starts what can start; the number of those that never will, because something that feeds them failed. */
	async step(): Promise<number> {
		let skipped = 0;
		for (const id of [...this.#waiting]) {
			// While the studio is away everything waits; nothing is lost by it.
			if (this.stopped || this.#bench.session.link === 'offline') return skipped;
			const feeders = [...feedersOf(this.#bench.session.doc, id, this.#all)];
			if (feeders.some((one) => this.#waiting.has(one) || this.#busy(one))) continue;
			this.#waiting.delete(id);
			if (feeders.some((one) => this.#lost(one))) {
				this.#failed.add(id);
				skipped++;
				continue;
			}
			const before = this.#bench.session.runs.ofNode.get(id)?.id;
			this.#started.set(id, { before, at: Date.now() });
			if (!(await this.#bench.orders.generate(id))) this.#failed.add(id);
		}
		return skipped;
	}

	#busy(id: string): boolean {
		const started = this.#started.get(id);
		if (!started || this.#failed.has(id)) return false;
		const task = this.#bench.session.runs.ofNode.get(id);
		const shown = task !== undefined && task.id !== started.before;
		return shown ? isActive(task) : Date.now() - started.at < SHOW_MS;
	}

	#lost(id: string): boolean {
		const state = this.#bench.session.runs.ofNode.get(id)?.state;
		return this.#failed.has(id) || state === 'failed' || state === 'canceled';
	}
}
