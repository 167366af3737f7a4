import type { GraphNode, Take, Task } from '../api/types.ts';
import { conformedOf } from '../takes/conformed.ts';
import { isActive, type Runs } from '../runs/runs.svelte.ts';

/**
 * The runs below the composer, newest first: takes that landed, work under way, and what failed since.
 *
 * Pure over what the session knows, so it is the same after a reload and shows what was made on the canvas too. What
 * processes a clip (a motion source, super resolution) is the canvas's own.
 */

export interface Entry {
	id: string;
	/** The shot's id, also when it is no longer on the board. */
	shot: string;
	node: GraphNode | undefined;
	task: Task | undefined;
	take: Take | undefined;
	at: string;
}

export function historyOf(
	nodes: ReadonlyMap<string, GraphNode>,
	runs: Pick<Runs, 'takes' | 'tasks' | 'ofNode'>
): Entry[] {
	const entries: Entry[] = [];
	const landed = new Set<string>();
	const isRun = (id: string) => (nodes.get(id)?.type ?? 'shot') === 'shot';
	for (const [id, takes] of runs.takes) {
		// A take that was given the film's frame rate stands for the one whose pictures it has.
		const smoothed = new Set(takes.flatMap((take) => conformedOf(take)?.oid ?? []));
		for (const take of isRun(id) ? takes : []) {
			landed.add(`${id} ${take.name}`);
			if (smoothed.has(take.oid)) continue;
			const task = take.task_id ? runs.tasks.get(take.task_id) : undefined;
			entries.push({
				id: `${id} ${take.name}`,
				shot: id,
				node: nodes.get(id),
				task,
				take,
				at: task?.created_at ?? take.created_at
			});
		}
	}
	for (const task of runs.tasks.values()) {
		if (
			task.kind !== 'take' ||
			task.conforms ||
			!isRun(task.node_id) ||
			(task.take && landed.has(`${task.node_id} ${task.take}`))
		)
			continue;
		// What failed is worth its place until the shot is tried again.
		if (!isActive(task) && runs.ofNode.get(task.node_id)?.id !== task.id) continue;
		entries.push({
			id: task.id,
			shot: task.node_id,
			node: nodes.get(task.node_id),
			task,
			take: undefined,
			at: task.created_at
		});
	}
	return entries.sort((a, b) => b.at.localeCompare(a.at));
}
