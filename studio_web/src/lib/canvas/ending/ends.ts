import type { DurableEvent, Task } from '#lib/api/types.ts';
import type { Session } from '#lib/project/session.svelte.ts';
import { endWords as words } from '#words/ending.ts';
import { nameIn } from '../naming.ts';
import type { Around } from '../news.ts';
import { chime } from './chime.ts';
import { oneMore } from './unseen.ts';
import { wishes } from './wishes.ts';

/**
 * Runs that this page has ordered, followed to their end; loaded with the first order. A run that ends while the page is
 * hidden is told by the title of the tab and, where the person wants it, by the system and a sound.
 */

interface Following {
	open: Set<string>;
	nodes: string[];
	failed: string[];
	landed: number;
}

export class Ends {
	#runs = new Map<string, Following>();
	#session: Session;
	#around: Around;

	constructor(session: Session, around: Around) {
		this.#session = session;
		this.#around = around;
	}

	take(event: DurableEvent): void {
		const mine = event.op_id !== null && this.#session.sent.includes(event.op_id);
		if (event.event === 'server:graph_patched') {
			// A rebuild that takes up takes that are there begins with these.
			const { run } = event as { run?: string };
			if (mine && run) this.#of(run);
		} else if (event.event === 'server:node_state_updated') this.#moved(event.task, mine);
		else if (event.event === 'server:task_success' || event.event === 'server:task_failed')
			this.#ended(event.task, event.event === 'server:task_success' ? 'landed' : 'failed');
	}

	#of(run: string): Following {
		const known = this.#runs.get(run) ?? { open: new Set(), nodes: [], failed: [], landed: 0 };
		this.#runs.set(run, known);
		return known;
	}

	#moved(task: Task, mine: boolean): void {
		if (task.state === 'canceled') return this.#ended(task, 'canceled');
		const run = task.run || task.id;
		if (mine || this.#runs.has(run)) this.#of(run).open.add(task.id);
	}

	#ended(task: Task, how: 'landed' | 'failed' | 'canceled'): void {
		const run = task.run || task.id;
		const known = this.#runs.get(run);
		if (!known?.open.delete(task.id)) return;
		if (how === 'landed') known.landed += 1;
		if (how === 'failed') known.failed.push(task.node_id);
		if (how !== 'canceled') known.nodes.push(task.node_id);
		if (known.open.size) return;
		this.#runs.delete(run);
		// What was only canceled, somebody knows of.
		if (known.nodes.length) this.#tell(known);
	}

	#tell({ nodes, failed, landed }: Following): void {
		if (!document.hidden) return;
		oneMore();
		const { notice: wanted, sound } = wishes();
		if (sound) void chime(failed.length === 0);
		if (!wanted || !('Notification' in window) || Notification.permission !== 'granted') return;
		const catalog = this.#around.catalog();
		const name = (id: string) => (catalog ? nameIn(catalog, this.#session.doc, id) : id);
		const first = failed[0] ?? nodes[0] ?? '';
		const title =
			nodes.length === 1
				? failed.length
					? words.oneFailed(name(first))
					: words.oneLanded(name(first))
				: words.ended(landed, failed.length);
		const body = nodes.length === 1 ? '' : (failed.length ? failed : nodes).slice(0, 6).map(name).join(', ');
		const notice = new Notification(title, {
			body: [this.#session.project?.title ?? '', body].filter(Boolean).join(' · '),
			tag: `${this.#session.id} ${first}`
		});
		notice.onclick = () => {
			window.focus();
			this.#around.show(failed.length ? failed : nodes);
			notice.close();
		};
	}
}
