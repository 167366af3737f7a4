import { api, errorBody } from '../api/client.ts';
import type { Project, Take } from '../api/types.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { toast } from '../feedback/toast.ts';
import type { Session } from '../project/session.svelte.ts';
import { words } from '#words/compose.ts';

/** The shape of the whole film as the composer offers it. `reshape` is the only thing here that does I/O. */

const USUAL = ['16:9', '9:16', '1:1'];

/** The three that people ask for, and the film's own where it is another. */
export function shapesOffered(known: readonly string[], own: string | undefined): string[] {
	const usual = USUAL.filter((shape) => known.includes(shape));
	return own === undefined || usual.includes(own) ? usual : [own, ...usual];
}

export const takeCount = (takes: ReadonlyMap<string, readonly Take[]>): number =>
	[...takes.values()].reduce((sum, list) => sum + list.length, 0);

export async function reshape(session: Session, to: string): Promise<void> {
	const { project } = session;
	if (!project || project.aspect_ratio === to) return;
	const change = { aspect_ratio: to, version: project.version };
	try {
		session.project = await api.patch<Project>(`/projects/${project.id}`, change);
		announce(words.aspectDone(to));
	} catch (thrown) {
		toast.error(errorBody(thrown));
	}
}
