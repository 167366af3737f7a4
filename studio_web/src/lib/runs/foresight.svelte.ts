import { api } from '../api/client.ts';
import type { Forecast, GraphNode, JobForecast } from '../api/types.ts';
import { into } from '../catalog/resolve.ts';
import type { Session } from '../project/session.svelte.ts';

/**
 * What is to be expected of one card, asked again whenever something it hangs on changes: the card and what feeds it,
 * the project's settings, the queue; and now and then, because machines come and go unheard.
 *
 * Made while a component is set up; it asks for as long as `card` gives one. Several looks at a card share no answer:
 * there is never more than the one in hand and the one in the inspector.
 */

const SETTLE_MS = 120;
const AGAIN_MS = 10_000;

export class Foresight {
	job = $state.raw<JobForecast | undefined>();
	/** The studio could not be asked. */
	away = $state(false);
	#turn = $state(0);

	/** `onBoard` is false for a card that is only thought of. */
	constructor(session: Session, card: () => GraphNode | undefined, onBoard = true) {
		$effect(() => {
			const node = card();
			const body = node && (onBoard ? { node_ids: [node.id] } : { nodes: [node] });
			const { doc, project, queue, link, unsaved } = session;
			const feeding = node && into(doc, node.id).map((edge) => doc.nodes.get(edge.source));
			void [project, queue.news, feeding, this.#turn];
			if (!body) {
				this.job = undefined;
				return undefined;
			}
			if (link !== 'live') {
				this.away = link === 'offline';
				return undefined;
			}
			// The studio must have what the person sees before it is asked about it.
			if (onBoard && unsaved > 0) return undefined;
			const stop = new AbortController();
			const soon = setTimeout(() => void this.#ask(session.id, body, stop.signal), SETTLE_MS);
			const again = setTimeout(() => (this.#turn += 1), AGAIN_MS);
			return () => {
				clearTimeout(soon);
				clearTimeout(again);
				stop.abort();
			};
		});
	}

	async #ask(project: string, body: object, signal: AbortSignal): Promise<void> {
		try {
			const told = await api.post<Forecast>(`/projects/${project}/forecast`, body, signal);
			if (signal.aborted) return;
			this.job = told.jobs[0];
			this.away = false;
		} catch {
			if (!signal.aborted) this.away = true;
		}
	}
}
