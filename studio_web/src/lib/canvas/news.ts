import type { DurableEvent, ErrorBody } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { late } from '../feedback/late.ts';
import { toast } from '../feedback/toast.ts';
import { m } from '../i18n/messages.ts';
import type { Session } from '../project/session.svelte.ts';
import type { Ends } from './ending/ends.ts';

/** What the page around it lends: the names of cards, and a way to show them. */
export interface Around {
	catalog: () => CatalogIndex | undefined;
	show: (nodes: readonly string[]) => void;
}

/** What the studio tells this person in passing: notices, and aloud what finished or failed. One for each open page. */
export class News {
	/** Notices that were read already: the same compromise for twenty shots is told once. */
	#told = new Set<string>();
	#otherBoard = false;
	#ends: Promise<Ends> | undefined;

	notice({ level, message }: Extract<DurableEvent, { event: 'server:notice' }>): void {
		if (this.#told.has(message)) return;
		this.#told.add(message);
		if (level === 'info') toast.show(message, { id: message, duration: READING_MS });
		else toast.warn(message, { id: message });
		announce(message, { urgent: level === 'error' });
	}

	/** An edit that the studio did not take, of cards that may be gone by now. */
	refused(error: ErrorBody, label: string, ids: readonly string[], session: Session, around: Around): void {
		const there = ids.filter((one) => session.doc.nodes.has(one));
		const action = { label: m.canvas.showIt, run: () => around.show(there) };
		toast.error(error, { description: m.canvas.refused(label), ...(there.length ? { action } : {}) });
		announce(error.message, { urgent: true });
	}

	/** Edits of an earlier page that go out now. */
	adopted(count: number, moved: boolean): void {
		const text = m.canvas.adopted(count);
		toast.show(text, { duration: READING_MS, ...(moved ? { description: m.canvas.adoptedMoved } : {}) });
		announce(text);
	}

	event(event: DurableEvent, session: Session, around: Around): void {
		if (event.op_id && session.sent.includes(event.op_id))
			this.#ends ??= late(() => import('./ending/ends.ts')).then((part) => new part.Ends(session, around));
		void this.#ends?.then((ends) => ends.take(event));
		if (event.event === 'server:task_success') {
			const { take, film, delivery } = event.result;
			if (take) announce(m.shot.tookTake(codeOf(event.node_id, session), take.name));
			const ready = film ?? delivery;
			if (ready) {
				const words = m.assembler.filmReady(ready.name);
				announce(words);
				toast.success(words);
			}
		}
		if (event.event === 'server:graph_patched' && event.op_id?.startsWith('alternate/'))
			this.#otherBoard = true;
		if (event.event === 'server:project_updated' && this.#otherBoard) {
			this.#otherBoard = false;
			const { actor, project } = event;
			void import('./versions/told.ts').then(({ tellBoard }) => tellBoard(actor, project.alternate ?? ''));
		}
		if (event.event === 'server:task_failed')
			announce(m.shot.didFail(codeOf(event.node_id, session), event.error.message), { urgent: true });
	}
}

/** A notice is a sentence or two, longer than a plain "done". */
const READING_MS = 9000;

const codeOf = (node: string, session: Session) => String(session.doc.nodes.get(node)?.data.code ?? '');
