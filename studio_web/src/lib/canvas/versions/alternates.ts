import { api, errorBody, madeHere } from '#lib/api/client.ts';
import type { Alternates, ErrorBody } from '#lib/api/types.ts';
import * as words from '#words/alternates.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { named } from './named.svelte.ts';
import { asking, tellHere } from './told.ts';

/** What the page asks of the studio about alternates. */

export const urlOf = (bench: Workbench, id = '') =>
	`/projects/${bench.session.id}/alternates${id && `/${encodeURIComponent(id)}`}`;

const onBoard = (all: Alternates) => all.alternates.find((one) => one.on_board);

/** Puts another alternate on the board; the answer is what went wrong, if anything. Edits that are on their way go first. */
export async function putOn(
	bench: Workbench,
	name: string,
	ask: () => Promise<Alternates>
): Promise<ErrorBody | undefined> {
	const before = bench.session.project?.alternate;
	asking(name);
	try {
		await settled(bench);
		const all = await ask();
		const was = before ? all.alternates.find((one) => one.name === before) : firstOf(all);
		const now = onBoard(all);
		if (was && now && was.id !== now.id)
			tellHere(now.name, {
				name: was.name,
				run: () =>
					void putOn(bench, was.name, () => api.post<Alternates>(`${urlOf(bench, was.id)}/switch`, {}))
			});
		else tellHere(now?.name ?? name);
		named.times += 1;
		return undefined;
	} catch (thrown) {
		return errorBody(thrown);
	} finally {
		setTimeout(() => asking(undefined), 3000);
	}
}

/** The one that the board became when the first alternate was made. */
const firstOf = (all: Alternates) =>
	all.alternates.length === 2 ? all.alternates.find((one) => !one.on_board) : undefined;

/** What is being typed is handed on, and what is under way arrives: it belongs to the board as it is now. */
export async function settled(bench: Workbench): Promise<void> {
	if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
	for (let n = 0; n < 100; n++) {
		if (bench.session.unsaved === 0) return;
		await new Promise((done) => setTimeout(done, 50));
	}
	throw madeHere('PROJECT_BUSY', words.unsent.message, [words.unsent.remedy]);
}
