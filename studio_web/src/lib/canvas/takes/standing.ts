import type { CardState, Operation } from '../../api/types.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { inWords } from '../../takes/reasons.ts';
import { standing as words } from '#words/build.ts';
import { nameIn } from '../naming.ts';
import { shownTake } from '../run-state.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** What cards are told of being out of date, and locking what they show. */

export const reasonsOf = (bench: Workbench, state: CardState | undefined): string[] =>
	(state?.reasons ?? []).map((reason) =>
		inWords(reason, (id) => (bench.node(id) ? nameIn(bench.catalog, bench.session.doc, id) : ''))
	);

/** The take of a card, or the film of an assembler, that a lock would keep. */
function kept(bench: Workbench, id: string): { take?: string } | undefined {
	const node = bench.node(id);
	if (!node) return undefined;
	if (bench.can(id, 'render')) return bench.session.runs.filmOf(id) && {};
	const take = shownTake(bench.session.runs.takes.get(id), node.data.active_take);
	return take && { take: take.name };
}

export const canLock = (bench: Workbench, ids: readonly string[]): boolean =>
	ids.some((id) => kept(bench, id) !== undefined || bench.node(id)?.data.locked === true);

/** Locks what the cards show, unless all are locked already; then unlocks them. One step for all. */
export function flipLock(bench: Workbench, ids: readonly string[] = bench.board.selected): void {
	const cards = ids.filter((id) => canLock(bench, [id]));
	const on = !cards.every((id) => bench.node(id)?.data.locked === true);
	const operations = cards.flatMap((id): Operation[] => {
		const node = bench.node(id);
		if (!node || (node.data.locked === true) === on) return [];
		const lock: Operation = { op: 'node.set', id, name: 'locked', value: on ? true : null };
		// The take in view is named: else the next one that comes would be the newest.
		const take = on ? kept(bench, id)?.take : undefined;
		return take === undefined || take === node.data.active_take
			? [lock]
			: [lock, { op: 'node.set', id, name: 'active_take', value: take }];
	});
	if (!operations.length) return announce(words.lockNothing);
	const count = operations.filter((one) => 'name' in one && one.name === 'locked').length;
	const label = on ? words.didLock(count) : words.didUnlock(count);
	if (bench.session.edit(operations, { label })) announce(label);
}
