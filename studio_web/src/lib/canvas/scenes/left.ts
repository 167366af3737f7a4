import { keep, keptFields } from '../../ui/kept.ts';

/**
 * Runs of scenes that have not started everything yet. Kept in this browser, so that a reload does not end them; a lock
 * says whether a page is still at it, and the session of the tab whose they are.
 */

export interface Left {
	/** The scene that was run. */
	scene: string;
	all: readonly string[];
	waiting: readonly string[];
	failed: readonly string[];
}

/** A page that is being reloaded may hold its lock a little longer. */
const PATIENCE_MS = 2000;

const keyOf = (project: string): string => `studio.runs.${project}`;

export const leftIn = (project: string): [string, Left][] =>
	Object.entries(keptFields(keyOf(project)) as Record<string, Left>);

/** Keeps how far a run is; without anything left, forgets it. */
export function leave(project: string, run: string, left?: Left): void {
	const others = leftIn(project).filter(([id]) => id !== run);
	keep(keyOf(project), Object.fromEntries(left ? [...others, [run, left]] : others));
	mark(run, left !== undefined);
}

/** Makes this page the one that carries a run out, unless another is at it; the answer lets go. */
export function hold(run: string): Promise<(() => void) | undefined> {
	return new Promise((done) => {
		navigator.locks
			.request(
				`studio.run.${run}`,
				{ signal: AbortSignal.timeout(PATIENCE_MS) },
				() => new Promise<void>((letGo) => done(letGo))
			)
			.catch(() => done(undefined));
	});
}

/** Whether this tab began it: then it was only reloaded. */
export const ours = (run: string): boolean => sessionStorage.getItem(`studio.run.${run}`) !== null;

function mark(run: string, on: boolean): void {
	if (on) sessionStorage.setItem(`studio.run.${run}`, '');
	else sessionStorage.removeItem(`studio.run.${run}`);
}
