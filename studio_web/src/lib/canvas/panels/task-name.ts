import type { Task } from '#lib/api/types.ts';
import { m } from '#lib/i18n/messages.ts';
import { words } from '#words/queueing.ts';
import { nameIn } from '../naming.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** What a task is called in the queue: its card, or the film. */
export function taskName(bench: Workbench, task: Task | undefined): string {
	const node = task && bench.node(task.node_id);
	if (!task || !node) return words.gone;
	if (task.kind === 'film') return words.film;
	if (task.kind === 'delivery') return words.delivery;
	const name = nameIn(bench.catalog, bench.session.doc, node.id);
	if (task.conforms) {
		const given = bench.session.runs.takes.get(node.id)?.find((one) => one.name === task.conforms);
		return words.between(name, given ? m.shot.takeName(given.version, given.number) : '');
	}
	return task.kind === 'captions' ? words.captions(name) : name;
}
