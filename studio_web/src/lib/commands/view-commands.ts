import type { Workbench } from '../canvas/workbench.svelte.ts';
import { m } from '../i18n/messages.ts';
import { reasons, shortcutSheet as words } from '#words/commands.ts';
import type { Command } from './command.ts';

/** Looking at the board. */

export function viewCommands(bench: Workbench): Command[] {
	const { board } = bench;
	/** The chosen cards that have inputs to fold, and show them or not. */
	const folding = (open: boolean) =>
		board.selected.filter((id) => board.card(id)?.data.layout.more?.open === open);
	return [
		{
			id: 'fit',
			group: 'view',
			title: m.canvas.fit,
			keys: ['Home', 'Shift+1'],
			where: ['board'],
			run: () => bench.camera?.fit()
		},
		{
			id: 'fit-selection',
			group: 'view',
			title: words.fitSelection,
			keys: ['.', 'Shift+2'],
			where: ['card', 'scene'],
			when: () => board.selected.length > 0 || reasons.nothing,
			run: () => bench.camera?.fit(board.selected)
		},
		{
			id: 'actual-size',
			group: 'view',
			title: words.actualSize,
			keys: ['Shift+0'],
			run: () => bench.camera?.zoom(0)
		},
		{
			id: 'show-inputs',
			group: 'view',
			title: words.showInputs,
			keys: [],
			where: ['card'],
			when: () => folding(false).length > 0 || reasons.noFolded,
			run: () => bench.view.unfold(folding(false), true)
		},
		{
			id: 'fold-inputs',
			group: 'view',
			title: words.foldInputs,
			keys: [],
			where: ['card'],
			when: () => folding(true).length > 0 || reasons.noMoreShown,
			run: () => bench.view.unfold(folding(true), false)
		},
		{
			id: 'minimap',
			group: 'view',
			title: words.minimap,
			keys: ['M'],
			run: () => bench.view.toggleMinimap()
		},
		{
			id: 'zoom-in',
			group: 'view',
			title: m.canvas.zoomIn,
			keys: ['+', '='],
			run: () => bench.camera?.zoom(1)
		},
		{
			id: 'zoom-out',
			group: 'view',
			title: m.canvas.zoomOut,
			keys: ['-'],
			run: () => bench.camera?.zoom(-1)
		}
	];
}
