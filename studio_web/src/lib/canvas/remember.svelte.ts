import { toast } from '../feedback/toast.ts';
import { Journal } from '../project/journal.ts';
import type { Session } from '../project/session.svelte.ts';
import * as words from '#words/history.ts';

/**
 * Undo that outlives the page: takes over what this tab, or one that was closed, left, and keeps every step from then
 * on. Fetched by the canvas page once the project is open; the answer stops it.
 */
export function remember(session: Session): () => void {
	let closed = false;
	let stop = () => {};
	const begin = async () => {
		const journal = await Journal.open(session.id);
		if (closed) return journal.close();
		const { found } = journal;
		if (found && found.log_id === session.logId) session.adoptHistory(found);
		else if (found) toast.show(words.anotherLog, { duration: 9000 });
		const end = $effect.root(() => {
			$effect(() => {
				const { steps, logId } = session;
				if (logId !== undefined) journal.keep(logId, steps);
			});
		});
		stop = () => {
			end();
			journal.close();
		};
	};
	// A browser that keeps nothing, as some private windows: undo then lasts as long as the page.
	begin().catch(() => {});
	return () => {
		closed = true;
		stop();
	};
}
