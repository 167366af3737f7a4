import { asked } from '../feedback/late.ts';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { scriptFilmCommand, starters } from '#words/starters.ts';
import type { Command } from './command.ts';

/** Starter canvases from the palette, on any board. */

export const starterCommands = (bench: Workbench): Command[] => [
	{
		id: 'script-film',
		group: 'add',
		title: scriptFilmCommand,
		keys: [],
		run: () => (bench.view.dialog = { kind: 'script' })
	},
	...(Object.keys(starters) as (keyof typeof starters)[]).map((name) => ({
		id: `starter-${name}`,
		group: 'add',
		title: starters[name].command,
		keys: [],
		run: () =>
			asked(
				() => import('../canvas/starters.ts'),
				({ start }) => start(bench, name)
			)
	}))
];
