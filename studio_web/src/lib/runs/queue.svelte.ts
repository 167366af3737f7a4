import type { Estimate, Queue } from '../api/types.ts';

/** The project's line of tasks as the studio last told it. Filled by the session, read by the queue panel and cards. */
export class RunQueue {
	/** Nothing new starts while it is held; what runs goes on. */
	paused = $state(false);
	/** Ids of what waits, next first. */
	order = $state.raw<readonly string[]>([]);
	#estimates = $state.raw<Readonly<Record<string, Estimate>>>({});

	load(queue: Queue): void {
		this.paused = queue.paused;
		this.order = queue.order;
		this.#estimates = queue.estimates;
	}

	/** Seconds until a task starts and seconds it takes; undefined for one that neither waits nor runs. */
	estimate(task: string): Estimate | undefined {
		return this.#estimates[task];
	}
}
