import type { Estimate, Machine, Queue } from '../api/types.ts';

/** The project's line of tasks as the studio last told it. Filled by the session, read by the queue panel and cards. */
export class RunQueue {
	/** Nothing new starts while it is held; what runs goes on. */
	paused = $state(false);
	/** Who did so, and who has paused every project; empty where nobody has. */
	pausedBy = $state('');
	allPausedBy = $state('');
	/** Everybody's machines that are there, and what they are at. */
	machines = $state.raw<readonly Machine[]>([]);
	/** Ids of what waits, next first. */
	order = $state.raw<readonly string[]>([]);
	/** Counts what the studio told: everybody's waiting has shifted. */
	news = $state(0);
	#stranded = $state.raw<Readonly<Record<string, string>>>({});
	#estimates = $state.raw<Readonly<Record<string, Estimate>>>({});

	load(queue: Queue): void {
		this.news++;
		this.paused = queue.paused;
		this.pausedBy = queue.paused_by;
		this.allPausedBy = queue.all_paused_by;
		this.machines = queue.machines;
		this.order = queue.order;
		this.#estimates = queue.estimates;
		this.#stranded = queue.stranded;
	}

	/** Seconds until a task starts and seconds it takes; undefined for one that neither waits nor runs. */
	estimate(task: string): Estimate | undefined {
		return this.#estimates[task];
	}

	/** Why a queued task does not start, when no machine that is there can take it. */
	stranded(task: string): string | undefined {
		return this.#stranded[task];
	}

	/** What is to be said of the whole line: the first such reason. */
	get why(): string | undefined {
		return Object.values(this.#stranded)[0];
	}
}
