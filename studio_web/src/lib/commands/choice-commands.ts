import { m } from '../i18n/messages.ts';
import { reasons } from '#words/commands.ts';
import { compare as words } from '#words/compare.ts';
import { rebuild, standing } from '#words/build.ts';
import { sheet, wedge } from '#words/wedge.ts';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { shownOn, toggleReject, toggleStar } from '../canvas/takes/choosing.ts';
import { canLock, flipLock } from '../canvas/takes/standing.ts';
import type { Command } from './command.ts';

/** Choosing among takes: keepers, takes turned down, comparing, making several at once. */

export function choiceCommands(bench: Workbench): Command[] {
	const { board } = bench;
	/** The one selected card that makes takes. */
	const one = () => {
		const [id, ...more] = board.selected.filter((card) => bench.can(card, 'generate'));
		return more.length ? undefined : id;
	};
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
		},
		{
			id: 'take-wedge',
			group: 'takes',
			title: wedge.command,
			keys: ['Shift+W'],
			where: ['card'],
			when: () => one() !== undefined || reasons.noShot,
			run: () => {
				const node = one();
				if (node) bench.view.dialog = { kind: 'wedge', node };
			}
		},
		{
			id: 'take-sheet',
			group: 'takes',
			title: sheet.command,
			keys: ['Shift+C'],
			where: ['card'],
			when: () => one() !== undefined || reasons.noShot,
			run: () => {
				const node = one();
				if (node) bench.view.dialog = { kind: 'sheet', node };
			}
		},
		{
			id: 'rebuild-changed',
			group: 'takes',
			title: rebuild.command,
			keys: ['Ctrl+Alt+R'],
			where: ['board', 'scene', 'card'],
			run: (on) => {
				const cards = on.kind === 'scene' ? [on.id] : on.kind === 'card' ? [...board.selected] : [];
				bench.view.dialog = { kind: 'rebuild', cards };
			}
		},
		{
			id: 'take-lock',
			group: 'takes',
			title: standing.lock,
			keys: ['L'],
			where: ['card'],
			when: () => canLock(bench, board.selected) || standing.lockNothing,
			run: () => flipLock(bench)
		}
	];
}
