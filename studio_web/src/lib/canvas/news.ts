import type { DurableEvent } from '../api/types.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { toast } from '../feedback/toast.ts';
import { m } from '../i18n/messages.ts';
import type { Session } from '../project/session.svelte.ts';

/** What the studio tells this person in passing: notices, and aloud what finished or failed. */
export const news = {
	notice({ level, message, remediation }: Extract<DurableEvent, { event: 'server:notice' }>): void {
		const description = remediation?.[0];
		const options = { id: message, ...(description ? { description } : {}) };
		if (level === 'info') toast.show(message, options);
		else toast.warn(message, options);
		announce(message, { urgent: level === 'error' });
	},

	event(event: DurableEvent, session: Session): void {
		const code = 'node_id' in event ? String(session.doc.nodes.get(event.node_id)?.data.code ?? '') : '';
		if (event.event === 'server:task_success') {
			const { take, film } = event.result;
			if (take) announce(m.shot.tookTake(code, take.name));
			if (film) {
				announce(m.assembler.filmReady(film.name));
				toast.success(m.assembler.filmReady(film.name));
			}
		}
		if (event.event === 'server:task_failed')
			announce(m.shot.didFail(code, event.error.message), { urgent: true });
	}
};
