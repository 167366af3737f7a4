import { pointsFields } from '../canvas/pointing/fields.ts';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { m } from '../i18n/messages.ts';
import { isActive } from '../runs/runs.svelte.ts';
import { reasons, shortcutSheet as words } from '#words/commands.ts';
import { words as captionWords } from '#words/captions.ts';
import { soundOf } from '../canvas/captions/captions.ts';
import type { Command } from './command.ts';

/** Making takes, playing them, stepping through them. */

export function takeCommands(bench: Workbench): Command[] {
	const { board } = bench;
	const { runs } = bench.session;
	const withTakes = () => board.selected.some((id) => runs.takes.get(id)?.length) || reasons.noTake;
	const running = () =>
		board.selected.flatMap((id) => {
			const task = runs.ofNode.get(id);
			return task && isActive(task) ? [task] : [];
		});
	return [
		{
			id: 'generate',
			group: 'takes',
			title: words.generate,
			keys: ['Ctrl+Enter'],
			where: ['card'],
			when: () => board.selected.some((id) => bench.can(id, 'generate')) || reasons.noShot,
			run: () => void bench.generate(board.selected)
		},
		{
			id: 'stop',
			group: 'takes',
			title: words.stop,
			keys: [],
			where: ['card'],
			when: () => running().length > 0 || reasons.notRunning,
			run: () => running().forEach((task) => void bench.orders.cancel(task.id))
		},
		{
			id: 'play',
			group: 'takes',
			title: words.play,
			keys: ['Space'],
			where: ['card'],
			when: () =>
				bench.chosen && (runs.takes.get(bench.chosen.id)?.length || runs.filmOf(bench.chosen.id))
					? true
					: reasons.nothingToPlay,
			run: () => bench.play()
		},
		{
			id: 'captions',
			group: 'takes',
			title: captionWords.command,
			keys: [],
			where: ['card'],
			when: () => (soundOf(bench, bench.chosen) ? true : captionWords.noSound),
			run: () => {
				if (bench.chosen) bench.view.dialog = { kind: 'captions', node: bench.chosen.id };
			}
		},
		{
			id: 'points',
			group: 'takes',
			title: words.points,
			keys: [],
			where: ['card'],
			when: () => (bench.chosen && pointsFields(bench, bench.chosen).length ? true : reasons.noPoints),
			run: () => {
				const field = bench.chosen && pointsFields(bench, bench.chosen)[0];
				if (field) bench.view.dialog = { kind: 'points', node: bench.chosen!.id, field: field.name };
			}
		},
		{
			id: 'take-previous',
			group: 'takes',
			title: m.shot.previous,
			keys: ['['],
			where: ['card'],
			when: withTakes,
			run: () => bench.stepTake(-1)
		},
		{
			id: 'take-next',
			group: 'takes',
			title: m.shot.next,
			keys: [']'],
			where: ['card'],
			when: withTakes,
			run: () => bench.stepTake(1)
		}
	];
}
