import type { GraphNode } from '../../api/types.ts';
import { asideBelow } from '../../catalog/producer.ts';
import { isMuted } from '../../catalog/scenes.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { toast } from '../../feedback/toast.ts';
import { scene } from '#words/scenes.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { Going } from './going.ts';
import { hold, leave, leftIn, ours, type Left } from './left.ts';
import { makingOrder } from './order.ts';
import { scenesOf } from './scenes.svelte.ts';
import { contents } from './tree.ts';

/**
 * Running a scene: everything in it that makes takes, each when what feeds it is there. What waits for another card
 * waits in this page, and after a reload in the next; what is queued goes on without it.
 */

const words = scene.run;
const LOOK_MS = 400;

/** Bypassed, or locked on the take it has. */
const isOut = (bench: Workbench, { id, data }: GraphNode): boolean =>
	data.bypassed === true || (data.locked === true && (bench.session.runs.takes.get(id)?.length ?? 0) > 0);

/** The cards of a scene that run: they make takes, nobody muted, bypassed or locked them, and none steps aside. */
export function runnable(bench: Workbench, ids: readonly string[]): string[] {
	const { doc } = bench.session;
	const cards = new Set(ids.flatMap((id) => [id, ...contents(doc, id)]));
	const make = [...cards].filter((id) => {
		const node = doc.nodes.get(id);
		if (!node || !bench.can(id, 'generate') || isMuted(doc, node) || isOut(bench, node)) return false;
		return asideBelow(bench.catalog.type(node.type), node, bench.session.project?.quality) === undefined;
	});
	return makingOrder(doc, make);
}

const going = new Set<Going>();
const pause = () => new Promise((done) => setTimeout(done, LOOK_MS));

export async function runScenes(bench: Workbench, ids: readonly string[]): Promise<void> {
	const cards = runnable(bench, ids);
	if (!cards.length) return bench.refuse(words.nothing);
	const [first = ''] = ids;
	await carryOut(bench, crypto.randomUUID(), { scene: first, all: cards, waiting: cards, failed: [] });
}

/** What earlier pages of this browser have not started: a reload goes on by itself, for the rest one is asked. */
export async function goOn(bench: Workbench): Promise<void> {
	const { id } = bench.session;
	for (const [run, left] of leftIn(id)) {
		const letGo = await hold(run);
		if (!letGo) continue;
		letGo();
		if (ours(run)) void carryOut(bench, run, left);
		else offer(bench, run, left);
	}
}

function offer(bench: Workbench, run: string, left: Left): void {
	const { session } = bench;
	leave(session.id, run);
	const there = left.waiting.filter((id) => session.doc.nodes.has(id));
	if (!there.length) return;
	toast.warn(words.left(scenesOf(bench).nameOf(left.scene), there.length), {
		id: `scene-left-${run}`,
		duration: 0,
		action: { label: words.startThem, run: () => void carryOut(bench, run, left) }
	});
}

async function carryOut(bench: Workbench, id: string, left: Left): Promise<void> {
	const { session } = bench;
	const letGo = await hold(id);
	const run = new Going(bench, left);
	going.add(run);
	const look = async (): Promise<number> => {
		const skipped = await run.step();
		leave(session.id, id, run.waiting && !run.stopped ? run.left(left.scene) : undefined);
		return skipped;
	};
	leave(session.id, id, run.left(left.scene));
	const before = run.waiting;
	let skipped = await look();
	const text = words.started(scenesOf(bench).nameOf(left.scene), before - run.waiting - skipped);
	toast.show(text, {
		id: 'scene-run',
		duration: 6000,
		...(run.waiting ? { description: words.waits(run.waiting) } : {})
	});
	announce(text);
	while (run.waiting && !run.stopped) {
		await pause();
		skipped += await look();
	}
	going.delete(run);
	letGo?.();
	if (skipped && !run.stopped) bench.refuse(words.skipped(skipped));
}

/** Stops all that runs or waits in this project, and scenes that have not started everything yet. */
export async function stopAll(bench: Workbench): Promise<void> {
	for (const run of going) run.stopped = true;
	for (const [run] of leftIn(bench.session.id)) leave(bench.session.id, run);
	going.clear();
	const tasks = [...bench.session.runs.active];
	for (const task of tasks) await bench.orders.cancel(task.id);
	const text = words.stopped(tasks.length);
	toast.show(text, { id: 'scene-run', duration: 4000 });
	announce(text);
}
