import { addNote } from '../canvas/scenes/placing.ts';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { m } from '../i18n/messages.ts';
import { panelWords, reasons, shortcutSheet as words } from '#words/commands.ts';
import type { Command } from './command.ts';

/** Adding, removing, moving and undoing. Copy, cut and paste are the browser's own events. */

const STEP = 10;
const FAR = 50;

export function editCommands(bench: Workbench): Command[] {
	const { board } = bench;
	const chosen = () => board.selected.length > 0 || reasons.nothing;
	return [
		{
			id: 'add',
			group: 'add',
			title: words.addMenu,
			keys: ['Shift+A', 'Tab'],
			where: ['board'],
			run: (on) => bench.openAddMenu(undefined, on.screen)
		},
		{
			id: 'note',
			group: 'add',
			title: words.note,
			// Browsers open a window with Ctrl+Shift+N; where they do not, it works as people know it.
			keys: ['Shift+N', 'Ctrl+Shift+N'],
			where: ['board'],
			when: () => bench.catalog.type('note') !== undefined,
			run: (on) => addNote(bench, on.screen)
		},
		{
			id: 'undo',
			group: 'edit',
			title: m.canvas.undo,
			keys: ['Ctrl+Z'],
			where: ['board'],
			when: () => !!bench.session.undoLabel || m.canvas.nothingToUndo,
			run: () => bench.undo()
		},
		{
			id: 'redo',
			group: 'edit',
			title: m.canvas.redo,
			keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
			where: ['board'],
			when: () => !!bench.session.redoLabel || m.canvas.nothingToRedo,
			run: () => bench.redo()
		},
		{
			id: 'duplicate',
			group: 'edit',
			title: words.duplicate,
			keys: ['Ctrl+D'],
			where: ['card', 'scene'],
			when: chosen,
			run: () => bench.scissors.duplicate()
		},
		{
			id: 'rename',
			group: 'edit',
			title: words.rename,
			keys: ['F2'],
			where: ['card', 'scene'],
			when: () => bench.chosen !== undefined || reasons.oneCard,
			run: () => {
				if (bench.chosen) bench.view.dialog = { kind: 'rename', node: bench.chosen.id };
			}
		},
		{
			id: 'move-into',
			group: 'scenes',
			title: panelWords.moveInto,
			keys: ['Ctrl+Alt+G'],
			where: ['card', 'scene'],
			when: chosen,
			run: () => (bench.view.dialog = { kind: 'into' })
		},
		{
			id: 'remove',
			group: 'edit',
			title: words.remove,
			keys: ['Delete', 'Backspace'],
			where: ['card', 'scene'],
			danger: true,
			when: () => board.selected.length > 0 || board.selectedWires.length > 0 || reasons.nothing,
			run: () => bench.removeSelection()
		},
		{
			id: 'select-all',
			group: 'edit',
			title: words.selectAll,
			keys: ['Ctrl+A'],
			where: ['board'],
			run: () => {
				board.select(board.nodes.flatMap((card) => (card.hidden ? [] : [card.id])));
				announce(words.didSelect(board.selected.length));
			}
		},
		{ id: 'clear', group: 'edit', title: words.escape, keys: ['Escape'], run: () => board.select([]) },
		...moves(bench, chosen)
	];
}

function moves(bench: Workbench, when: () => true | string): Command[] {
	const ways = [
		['Left', -1, 0],
		['Right', 1, 0],
		['Up', 0, -1],
		['Down', 0, 1]
	] as const;
	return ways.flatMap(([key, x, y]): Command[] => [
		{
			id: `move-${key}`,
			group: 'edit',
			title: words.move(key),
			row: words.moves,
			keys: [key],
			when,
			run: () => {
				bench.nudge(x * STEP, y * STEP);
				announce(words.didMove(key, STEP));
			}
		},
		{
			id: `move-far-${key}`,
			group: 'edit',
			title: words.moveFar(key),
			row: words.movesFar,
			keys: [`Shift+${key}`],
			when,
			run: () => {
				bench.nudge(x * FAR, y * FAR);
				announce(words.didMove(key, FAR));
			}
		}
	]);
}
