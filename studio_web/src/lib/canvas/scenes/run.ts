import { into } from '../../catalog/resolve.ts';
import { isMuted } from '../../catalog/scenes.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { toast } from '../../feedback/toast.ts';
import type { Doc } from '../../project/ops.ts';
import { isActive } from '../../runs/runs.svelte.ts';
import { scene } from '#words/scenes.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { makingOrder } from './order.ts';
import { scenesOf } from './scenes.svelte.ts';
import { contents } from './tree.ts';

/**
 * Running a scene: everything in it that makes takes, each when what feeds it is there. What waits for another card
 * waits in this page; what is queued goes on without it.
 */

const words = scene.run;
const LOOK_MS = 400;
/** A task shows in the page at most so long after it was asked for. */
const SHOW_MS = 5000;

/** The cards of a scene that run: they make takes, and nobody muted or bypassed them. */
export function runnable(bench: Workbench, ids: readonly string[]): string[] {
	const { doc } = bench.session;
	const cards = new Set(ids.flatMap((id) => [id, ...contents(doc, id)]));
	const make = [...cards].filter((id) => {
		const node = doc.nodes.get(id);
		return node && bench.can(id, 'generate') && !isMuted(doc, node) && node.data.bypassed !== true;
	});
	return makingOrder(doc, make);
}

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

/** One scene that is running: what is still to be started. */
class Going {
	stopped = false;
	readonly #bench: Workbench;
	readonly #waiting: Set<string>;
	readonly #all: ReadonlySet<string>;
	readonly #failed = new Set<string>();
	readonly #started = new Map<string, { before: string | undefined; at: number }>();

	constructor(bench: Workbench, ids: readonly string[]) {
		this.#bench = bench;
		this.#waiting = new Set(ids);
		this.#all = new Set(ids);
	}

	get waiting(): number {
		return this.#waiting.size;
	}

	/** Starts what can start; the number of those that never will, because something that feeds them failed. */
	async step(): Promise<number> {
		let skipped = 0;
		for (const id of [...this.#waiting]) {
			if (this.stopped) return skipped;
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

const going = new Set<Going>();
const pause = () => new Promise((done) => setTimeout(done, LOOK_MS));

export async function runScenes(bench: Workbench, ids: readonly string[]): Promise<void> {
	const cards = runnable(bench, ids);
	if (!cards.length) return bench.refuse(words.nothing);
	const [first = ''] = ids;
	const run = new Going(bench, cards);
	going.add(run);
	let skipped = await run.step();
	const text = words.started(scenesOf(bench).nameOf(first), cards.length - run.waiting);
	toast.show(text, {
		id: 'scene-run',
		duration: 6000,
		...(run.waiting ? { description: words.waits(run.waiting) } : {})
	});
	announce(text);
	while (run.waiting && !run.stopped) {
		await pause();
		skipped += await run.step();
	}
	going.delete(run);
	if (skipped && !run.stopped) bench.refuse(words.skipped(skipped));
}

/** Stops all that runs or waits in this project, and scenes that have not started everything yet. */
export async function stopAll(bench: Workbench): Promise<void> {
	for (const run of going) run.stopped = true;
	going.clear();
	const tasks = [...bench.session.runs.active];
	for (const task of tasks) await bench.orders.cancel(task.id);
	const text = words.stopped(tasks.length);
	toast.show(text, { id: 'scene-run', duration: 4000 });
	announce(text);
}
