import { announce } from '#lib/feedback/announce.svelte.ts';
import { toast } from '#lib/feedback/toast.ts';
import { m } from '#lib/i18n/messages.ts';
import { isKeeper, mark, reject, star, turnedDown, type Choice } from '#lib/takes/marks.ts';
import { choosing as words } from '#words/takes.ts';
import { shownTake } from '../run-state.ts';
import type { Workbench } from '../workbench.svelte.ts';

/**
 * Starring, rejecting and marking takes, as buttons, keys and menus do it: one undo step each, said aloud.
 *
 * Fetched when it is first needed.
 */

/** The takes that the given cards show. */
export function shownOn(bench: Workbench, ids: readonly string[]): Choice[] {
	return ids.flatMap((id) => {
		const take = shownTake(bench.session.runs.takes.get(id), bench.node(id)?.data.active_take);
		return take ? [{ node: id, take: take.name }] : [];
	});
}

export function toggleStar(bench: Workbench, choices: readonly Choice[]): void {
	if (!choices.length) return refuse();
	const { operations, on } = star(bench.session.doc.nodes, choices);
	const label = on ? words.didStar(choices.length) : words.didUnstar(choices.length);
	if (operations.length && bench.session.edit(operations, { label })) announce(label);
}

/** Takes back what is rejected when everything is; else asks why, through `ask`. */
export function toggleReject(
	bench: Workbench,
	choices: readonly Choice[],
	ask: (choices: readonly Choice[]) => void = (asked) =>
		(bench.view.dialog = { kind: 'reject', choices: asked })
): void {
	if (!choices.length) return refuse();
	const down = (choice: Choice) => turnedDown(bench.node(choice.node)?.data ?? {}, choice.take) !== undefined;
	if (choices.every(down)) rejectFor(bench, choices, null);
	else ask(choices);
}

export function rejectFor(bench: Workbench, choices: readonly Choice[], reason: string | null): void {
	const operations = reject(bench.session.doc.nodes, choices, reason);
	const label =
		reason === null ? words.didUnreject(choices.length) : words.didReject(choices.length, reason.trim());
	if (operations.length && bench.session.edit(operations, { label })) announce(label);
}

/** Sets or clears an in or out mark. `at` is a frame that is shown. */
export function setMark(
	bench: Workbench,
	choice: Choice,
	which: 'in' | 'out',
	at: number | null,
	frames: number
): void {
	const node = bench.node(choice.node);
	if (!node) return;
	const label = words.didMark(which, at);
	const operations = mark(node, choice.take, which, at, frames);
	if (operations.length) bench.session.edit(operations, { label, key: `mark ${which} ${choice.take}` });
	announce(label);
}

export function starLabel(bench: Workbench, choice: Choice): string {
	return isKeeper(bench.node(choice.node)?.data ?? {}, choice.take) ? m.shot.unstar : m.shot.star;
}

function refuse(): void {
	toast.warn(words.noTake, { id: 'no-take', duration: 4000 });
	announce(words.noTake);
}
