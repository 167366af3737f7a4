import type { Estimate, Range, Task } from '../api/types.ts';
import { words } from '#words/queueing.ts';

/** The line of what waits, as the queue panel shows and changes it. Pure. */

/** A line with one task elsewhere in it; the same line where nothing changes. */
export function moved(order: readonly string[], task: string, to: number): readonly string[] {
	const from = order.indexOf(task);
	const at = Math.min(Math.max(to, 0), order.length - 1);
	if (from < 0 || from === at) return order;
	const next = order.filter((one) => one !== task);
	next.splice(at, 0, task);
	return next;
}

/** The task that one stands before; null at the end. */
export const beforeOf = (order: readonly string[], task: string): string | null =>
	order[order.indexOf(task) + 1] ?? null;

/** Those of a wished order that still wait, then what has come since. */
export function agreed(wished: readonly string[] | undefined, order: readonly string[]): readonly string[] {
	if (!wished) return order;
	const there = new Set(order);
	const asked = new Set(wished);
	return [...wished.filter((one) => there.has(one)), ...order.filter((one) => !asked.has(one))];
}

/** `8 s`, `2 min`, `1 h 20 min`: how long something about takes. */
export function about(seconds: number): string {
	if (seconds < 55) return `${Math.max(1, Math.round(seconds))} s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	const rest = Math.round((minutes % 60) / 5) * 5;
	const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
	return rest === 0 || rest === 60 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `20–40 s`, `50 s to 3 min`: between what and what eight in ten end; one value where both read alike. */
export function between({ low_s, high_s }: Range): string {
	const [low, high] = [about(low_s), about(high_s)];
	if (low === high) return low;
	const [first, unit, more] = low.split(' ');
	const single = more === undefined && unit === high.split(' ')[1] && high.split(' ').length === 2;
	return single ? `${first}–${high}` : words.fromTo(low, high);
}

/** What may start within so many seconds may as well start at once. */
export const SOON_S = 5;

/** `starts in 2–5 min`, `starts within 3 min`, `starts next`; empty where nobody can tell. */
export function starting(range: Range | null | undefined): string {
	if (!range) return '';
	if (range.high_s < 1.5) return words.startsNow;
	return range.low_s < SOON_S ? words.startsWithin(about(range.high_s)) : words.startsIn(between(range));
}

/** `takes 20–40 s`, or `takes 20–40 s, a guess` where too few like it have run. */
export function lasting(range: Range | null | undefined, guess: boolean): string {
	if (!range) return '';
	return guess ? words.guess(words.takes(between(range))) : words.takes(between(range));
}

/** `starts in 2–5 min, takes 20–40 s`; empty where nobody can tell. */
export function forecast(estimate: Estimate | undefined): string {
	if (!estimate) return '';
	return [starting(estimate.starts), lasting(estimate.takes, estimate.guess)].filter(Boolean).join(', ');
}

/** What is left of a running task, from how long such tasks take and how far it is. */
export function remaining(estimate: Estimate | undefined, percent: number): string {
	const takes = estimate?.takes_s ?? null;
	return takes === null || percent >= 100 ? '' : words.left(about(takes * (1 - percent / 100)));
}

/** Finished tasks in groups, what ended last on top; what failed comes first, because it asks for something. */
export function finished(
	tasks: readonly Task[]
): { state: 'failed' | 'succeeded' | 'canceled'; tasks: Task[] }[] {
	return (['failed', 'succeeded', 'canceled'] as const)
		.map((state) => ({ state, tasks: tasks.filter((task) => task.state === state).sort(byEnd) }))
		.filter((group) => group.tasks.length > 0);
}

const byEnd = (a: Task, b: Task) =>
	(b.finished_at ?? b.created_at).localeCompare(a.finished_at ?? a.created_at);
