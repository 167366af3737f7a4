import { api, errorBody, isErrorBody } from '../../api/client.ts';
import type { GraphNode, RebuildAnswer } from '../../api/types.ts';
import { asideBelow } from '../../catalog/producer.ts';
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

/** Running a scene: everything in it that makes takes, each when what feeds it is there. */

const words = scene.run;

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

/** Another take of each card, as one run of the studio's: what waits for another card waits there, whoever looks on. */
export async function runScenes(bench: Workbench, ids: readonly string[]): Promise<void> {
	const { doc, runs } = bench.session;
	const cards = runnable(bench, ids).filter((id) => !isActive(runs.ofNode.get(id)));
	if (!cards.length) return bench.refuse(words.nothing);
	const waits = cards.filter((id) => feedersOf(doc, id, new Set(cards)).size > 0).length;
	const scope = { cards, again: true };
	if (!(await bench.orders.rebuild(scope))) return;
	const answer = await api
		.post<RebuildAnswer>(`/projects/${bench.session.id}/rebuild`, { ...scope, dry_run: true })
		.catch(errorBody);
	const blocked = isErrorBody(answer)
		? []
		: (answer.plan?.lines ?? []).filter((line) => line.step === 'blocked');
	const [out] = blocked;
	if (out)
		toast.warn(words.leftOut(blocked.length, out.title, out.blocked), {
			id: 'scene-left-out',
			duration: 8000
		});
	const [first = ''] = ids;
	const text = words.started(scenesOf(bench).nameOf(first), cards.length - waits - blocked.length);
	toast.show(text, {
		id: 'scene-run',
		duration: 6000,
		...(waits ? { description: words.waits(waits) } : {})
	});
	announce(text);
}

/** Which of the cards must be done before one of them: those from which wires lead to it. */
function feedersOf(doc: Doc, id: string, among: ReadonlySet<string>): Set<string> {
	const found = new Set<string>();
	const seen = new Set([id]);
	for (const at of seen)
		for (const edge of into(doc, at)) {
			if (among.has(edge.source) && edge.source !== id) found.add(edge.source);
			else seen.add(edge.source);
		}
	return found;
}

/** Stops all that runs or waits in this project, what waits for others first: else it would be told that they failed. */
export async function stopAll(bench: Workbench): Promise<void> {
	const tasks = [...bench.session.runs.active].reverse();
	for (const task of tasks) await bench.orders.cancel(task.id);
	const text = words.stopped(tasks.length);
	toast.show(text, { id: 'scene-run', duration: 4000 });
	announce(text);
}
