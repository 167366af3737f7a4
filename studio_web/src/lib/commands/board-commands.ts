import type { Workbench } from '../canvas/workbench.svelte.ts';
import { m } from '../i18n/messages.ts';
import type { Command } from './keymap.ts';

/**
 * What keys do on the board: one list for the key handler and the shortcut sheet.
 *
 * They run only while the board has the focus. Copy, cut and paste are the browser's own events and are listed in
 * the sheet only.
 */

const STEP = 10;
const FAR = 50;

export function boardCommands(bench: Workbench): Command[] {
	const { board, view } = bench;
	const take = (by: -1 | 1) => () => bench.stepTake(by);
	const command = (id: string, group: string, title: string, keys: string[], run: () => void): Command => ({
		id,
		group,
		title,
		keys,
		run
	});
	return [
		command('add', 'add', m.shortcutSheet.addMenu, ['Shift+A', 'Tab'], () => bench.openAddMenu()),
		command('undo', 'edit', m.canvas.undo, ['Ctrl+Z'], () => bench.undo()),
		command('redo', 'edit', m.canvas.redo, ['Ctrl+Shift+Z', 'Ctrl+Y'], () => bench.redo()),
		command('duplicate', 'edit', m.shortcutSheet.duplicate, ['Ctrl+D'], () => bench.scissors.duplicate()),
		command('remove', 'edit', m.shortcutSheet.remove, ['Delete', 'Backspace'], () => bench.removeSelection()),
		command('select-all', 'edit', m.shortcutSheet.selectAll, ['Ctrl+A'], () =>
			board.select(board.nodes.map((card) => card.id))
		),
		command('clear', 'edit', m.shortcutSheet.escape, ['Escape'], () => board.select([])),
		...moves(bench),
		command(
			'generate',
			'takes',
			m.shortcutSheet.generate,
			['Ctrl+Enter'],
			() => void bench.generate(board.selected)
		),
		command('play', 'takes', m.shortcutSheet.play, ['Space'], () => bench.play()),
		command('take-previous', 'takes', m.shot.previous, ['['], take(-1)),
		command('take-next', 'takes', m.shot.next, [']'], take(1)),
		command('fit', 'view', m.canvas.fit, ['Home', 'Shift+1'], () => bench.camera?.fit()),
		command('fit-selection', 'view', m.shortcutSheet.fitSelection, ['.', 'Shift+2'], () =>
			bench.camera?.fit(board.selected)
		),
		command('actual-size', 'view', m.shortcutSheet.actualSize, ['Shift+0'], () => bench.camera?.zoom(0)),
		command('zoom-in', 'view', m.canvas.zoomIn, ['+', '='], () => bench.camera?.zoom(1)),
		command('zoom-out', 'view', m.canvas.zoomOut, ['-'], () => bench.camera?.zoom(-1)),
		command('queue', 'view', m.canvas.queue, ['Q'], () => view.toggle('queue')),
		command('inspector', 'view', m.canvas.inspector, ['I'], () => view.toggle('inspector')),
		command('shortcuts', 'view', m.canvas.shortcuts, ['?'], () => (view.dialog = { kind: 'shortcuts' }))
	];
}

function moves(bench: Workbench): Command[] {
	const ways: [string, number, number][] = [
		['Left', -1, 0],
		['Right', 1, 0],
		['Up', 0, -1],
		['Down', 0, 1]
	];
	return ways.flatMap(([key, x, y]): Command[] => [
		{
			id: `move-${key}`,
			group: 'edit',
			title: m.shortcutSheet.move,
			keys: [key],
			run: () => bench.nudge(x * STEP, y * STEP)
		},
		{
			id: `move-far-${key}`,
			group: 'edit',
			title: m.shortcutSheet.moveFar,
			keys: [`Shift+${key}`],
			run: () => bench.nudge(x * FAR, y * FAR)
		}
	]);
}
