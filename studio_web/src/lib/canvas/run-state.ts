import type { Take, Task } from '../api/types.ts';
import { m } from '../i18n/messages.ts';
import type { Tick } from '../runs/runs.svelte.ts';

/** How a task reads on a card, in the queue and aloud. Pure. */

export function percent(task: Task, tick: Tick | undefined): number {
	return Math.round(tick?.progress ?? task.progress ?? 0);
}

/** `place` is where it stands in the line now, from 1. */
export function stateText(task: Task, tick: Tick | undefined, place = task.position ?? 0): string {
	switch (task.state) {
		case 'waiting':
			return task.reason || m.shot.waiting;
		case 'queued':
			return place > 1 ? m.shot.queuedAt(place) : m.shot.queued;
		case 'running':
			return m.shot.progress(percent(task, tick), tick?.step ?? task.step);
		default:
			return m.queue.states[task.state] ?? task.state;
	}
}

/** The take a shot shows: the chosen one, else the newest. */
export function shownTake(takes: readonly Take[] | undefined, active: unknown): Take | undefined {
	return takes?.find((take) => take.name === active) ?? takes?.at(-1);
}

export const isPrevizTake = (take: Take | undefined): boolean => take?.recipe?.tier === 'previz';
