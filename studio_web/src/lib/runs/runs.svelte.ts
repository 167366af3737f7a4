import { SvelteMap } from 'svelte/reactivity';
import type { Asset, DurableEvent, Film, FullSync, Lock, Take, Task, TaskProgress } from '../api/types.ts';

/**
 * What machines have done for this project: tasks, progress, takes, assets, films.
 *
 * Fed by the session from server events, read by the node that shows it. It is never in the document and never
 * undone. Maps are keyed so that a progress tick touches one element on the screen.
 */

export interface Tick {
	progress: number;
	step: string;
	preview?: string;
}

const finished = new Set<Task['state']>(['succeeded', 'failed', 'canceled']);

export const isActive = (task: Task | undefined): boolean => task !== undefined && !finished.has(task.state);

export class Runs {
	/** The newest task of each node. */
	readonly ofNode = new SvelteMap<string, Task>();
	/** Every task this page knows, by id. */
	readonly tasks = new SvelteMap<string, Task>();
	/** Live percent and step of running tasks, by task id. */
	readonly ticks = new SvelteMap<string, Tick>();
	/** Takes of each shot, oldest first. */
	readonly takes = new SvelteMap<string, readonly Take[]>();
	readonly assets = new SvelteMap<string, Asset>();
	films = $state.raw<readonly Film[]>([]);
	/** Files that somebody works on outside the studio. */
	locks = $state.raw<readonly Lock[]>([]);
	/** Counts what came, for whom reading every map would be too dear. */
	news = $state(0);

	active = $derived([...this.tasks.values()].filter(isActive).sort(byAge));
	recent = $derived(
		[...this.tasks.values()]
			.filter((task) => !isActive(task))
			.sort(byAge)
			.reverse()
	);

	load(sync: Pick<FullSync, 'takes' | 'tasks' | 'assets' | 'films' | 'locks'>): void {
		this.locks = sync.locks ?? [];
		for (const map of [this.ofNode, this.tasks, this.ticks]) map.clear();
		for (const task of [...sync.tasks].sort(byAge)) this.#keep(task);
		this.folder(sync);
	}

	/** What lies in the project's folder now. */
	folder(sync: Pick<FullSync, 'takes' | 'assets' | 'films'>): void {
		for (const map of [this.takes, this.assets]) map.clear();
		for (const [node, takes] of Object.entries(sync.takes)) this.takes.set(node, inOrder(takes));
		for (const asset of sync.assets) this.assets.set(asset.id, asset);
		this.films = sync.films;
		this.news++;
	}

	/** Takes of the cards that were not told of at first. */
	rest(takes: FullSync['takes']): void {
		for (const [node, found] of Object.entries(takes))
			if (!this.takes.has(node)) this.takes.set(node, inOrder(found));
		this.news++;
	}

	/** One durable event in order; events that are not about runs are none of its business. */
	take(event: DurableEvent): void {
		this.news++;
		switch (event.event) {
			case 'server:node_state_updated':
			case 'server:task_failed':
				this.#keep(event.task);
				break;
			case 'server:task_success':
				this.#keep(event.task);
				if (event.result.take) this.#land(event.node_id, event.result.take);
				if (event.result.film) this.#release(event.result.film);
				break;
			case 'server:takes_changed':
				this.takes.set(event.node_id, inOrder(event.takes));
				break;
			case 'server:asset_added':
				this.assets.set(event.asset.id, event.asset);
				break;
			case 'server:locks_changed':
				this.locks = event.locks;
				break;
		}
	}

	progress(tick: TaskProgress): void {
		const task = this.tasks.get(tick.task_id);
		if (task && !isActive(task)) return;
		this.ticks.set(tick.task_id, {
			progress: tick.progress,
			step: tick.step,
			preview: tick.preview ?? this.ticks.get(tick.task_id)?.preview
		});
	}

	/** How far tasks are together, in percent; 0 where there are none. */
	percentOf(tasks: readonly Task[]): number {
		const part = (task: Task) => (isActive(task) ? (this.ticks.get(task.id)?.progress ?? 0) : 100);
		return tasks.length ? tasks.reduce((sum, task) => sum + part(task), 0) / tasks.length : 0;
	}

	/** The film that a given assembler made last. */
	filmOf(node: string): Film | undefined {
		return this.films.find((film) => film.node_id === node);
	}

	#keep(task: Task): void {
		this.tasks.set(task.id, task);
		if (!isActive(task)) this.ticks.delete(task.id);
		// One makes nothing that the card shows, the other what it shows already.
		if (task.kind === 'captions' || task.conforms) return;
		const newest = this.ofNode.get(task.node_id);
		if (!newest || newest.id === task.id || newest.created_at <= task.created_at)
			this.ofNode.set(task.node_id, task);
	}

	#land(node: string, take: Take): void {
		const others = (this.takes.get(node) ?? []).filter((one) => one.name !== take.name);
		this.takes.set(node, inOrder([...others, take]));
	}

	#release(film: Film): void {
		this.films = [film, ...this.films.filter((one) => one.name !== film.name)];
	}
}

const byAge = (a: Task, b: Task) => a.created_at.localeCompare(b.created_at);

const inOrder = (takes: readonly Take[]) =>
	[...takes].sort((a, b) => a.version - b.version || a.number - b.number);
