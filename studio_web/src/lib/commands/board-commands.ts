import type { Workbench } from '../canvas/workbench.svelte.ts';
import { arrangeCommands } from './arrange-commands.ts';
import { choiceCommands } from './choice-commands.ts';
import type { Command } from './command.ts';
import { editCommands } from './edit-commands.ts';
import { findCommands } from './find-commands.ts';
import { sceneCommands } from './scene-commands.ts';
import { starterCommands } from './starter-commands.ts';
import { takeCommands } from './take-commands.ts';
import { togetherCommands } from './together-commands.ts';
import { panelCommands } from './panel-commands.ts';
import { viewCommands } from './view-commands.ts';
import { walkCommands } from './walk-commands.ts';
import { wireCommands } from './wire-commands.ts';

/** Every command of the board: one area a file, one line each. */
const areas: readonly ((bench: Workbench) => Command[])[] = [
	editCommands,
	takeCommands,
	togetherCommands,
	choiceCommands,
	sceneCommands,
	arrangeCommands,
	viewCommands,
	wireCommands,
	findCommands,
	walkCommands,
	starterCommands,
	panelCommands
];

const made = new WeakMap<Workbench, readonly Command[]>();

export function boardCommands(bench: Workbench): readonly Command[] {
	const known = made.get(bench);
	if (known) return known;
	const all = areas.flatMap((area) => area(bench));
	made.set(bench, all);
	return all;
}
