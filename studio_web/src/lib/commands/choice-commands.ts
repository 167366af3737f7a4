import { m } from '../i18n/messages.ts';
import { reasons } from '#words/commands.ts';
import { compare as words } from '#words/compare.ts';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { shownOn, toggleReject, toggleStar } from '../canvas/takes/choosing.ts';
import type { Command } from './command.ts';

/** Choosing among takes: keepers, takes turned down, comparing, making several at once. */

export function choiceCommands(bench: Workbench): Command[] {
	const { board } = bench;
	const withTakes = () =>
		board.selected.some((id) => bench.session.runs.takes.get(id)?.length) || reasons.noTake;
	return [
		{
			id: 'take-star',
			group: 'takes',
			title: m.shot.star,
			keys: ['S'],
			where: ['card'],
			when: withTakes,
			run: () => toggleStar(bench, shownOn(bench, board.selected))
		},
		{
			id: 'take-reject',
			group: 'takes',
			title: m.shot.reject,
			keys: ['X'],
			where: ['card'],
			when: withTakes,
			run: () => toggleReject(bench, shownOn(bench, board.selected))
		},
		{
			id: 'take-compare',
			group: 'takes',
			title: words.title,
			keys: ['C'],
			where: ['card'],
			when: () => {
				const counts = board.selected.map((id) => bench.session.runs.takes.get(id)?.length ?? 0);
				return counts.filter(Boolean).length > 1 || counts.some((count) => count > 1) || words.tooFew;
			},
			run: () => (bench.view.dialog = { kind: 'compare', nodes: [...board.selected] })
		}
	];
}
