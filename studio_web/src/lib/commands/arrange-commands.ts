import type { Axis, Edge } from '../canvas/arrange/align.ts';
import { alignSelection, distributeSelection } from '../canvas/arrange/arranging.ts';
import { asked } from '../feedback/late.ts';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { arrange as words } from '#words/scenes.ts';
import type { Command } from './command.ts';

/** Lining cards up, spacing them, and tidying the board. */

const edges: Edge[] = ['left', 'centre', 'right', 'top', 'middle', 'bottom'];
const axes: Axis[] = ['across', 'down'];

export function arrangeCommands(bench: Workbench): Command[] {
	const several = (least: number, reason: string) => () => bench.board.selected.length >= least || reason;
	return [
		...edges.map((edge): Command => ({
			id: `align-${edge}`,
			group: 'arrange',
			title: words[edge],
			keys: [],
			when: several(2, words.two),
			run: () => alignSelection(bench, edge)
		})),
		...axes.map((axis): Command => ({
			id: `distribute-${axis}`,
			group: 'arrange',
			title: words[axis],
			keys: [],
			when: several(3, words.three),
			run: () => distributeSelection(bench, axis)
		})),
		{
			id: 'tidy',
			group: 'arrange',
			title: words.tidy,
			keys: ['Ctrl+Shift+L'],
			where: ['board', 'card', 'scene'],
			when: () => bench.session.doc.nodes.size > 0 || words.nothing,
			run: () =>
				asked(
					() => import('../canvas/arrange/tidier.ts'),
					({ tidyBoard }) => tidyBoard(bench)
				)
		}
	];
}
