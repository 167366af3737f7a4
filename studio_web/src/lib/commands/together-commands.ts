import type { Workbench } from '../canvas/workbench.svelte.ts';
import * as history from '#words/history.ts';
import type { Command } from './command.ts';

/** History, versions, and working with others. */
export function togetherCommands(bench: Workbench): Command[] {
	return [
		{
			id: 'history',
			group: 'view',
			title: history.title,
			keys: ['Ctrl+Alt+Z'],
			where: ['board'],
			run: () => bench.view.toggle('history')
		}
	];
}
