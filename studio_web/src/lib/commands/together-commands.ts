import type { Workbench } from '../canvas/workbench.svelte.ts';
import * as history from '#words/history.ts';
import * as versions from '#words/versions.ts';
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
		},
		{
			id: 'versions',
			group: 'view',
			title: versions.title,
			keys: ['Ctrl+Alt+V'],
			where: ['board'],
			run: () => bench.view.toggle('versions')
		},
		{
			id: 'name-version',
			group: 'edit',
			title: versions.nameTitle,
			keys: ['Ctrl+Shift+S'],
			run: () => (bench.view.dialog = { kind: 'version' })
		},
		{
			id: 'alternate',
			group: 'edit',
			title: versions.tryOne,
			keys: [],
			run: () => (bench.view.dialog = { kind: 'alternate' })
		}
	];
}
