import { runOn, onBoard } from '#lib/commands/command.ts';
import { editCommands } from '#lib/commands/edit-commands.ts';
import { commandFor } from '#lib/commands/keymap.ts';
import { ownKeys } from '#lib/commands/own-keys.ts';
import type { Workbench } from '../workbench.svelte.ts';

const steps: ReadonlySet<string> = new Set(['undo', 'redo']);

/**
 * Undoes or redoes in a window over the board, by the keys that people have for it; false where a press is none of
 * them. The board's own keys rest while a window is open.
 */
export function wentBack(bench: Workbench, event: KeyboardEvent): boolean {
	const command = commandFor(
		editCommands(bench).filter((one) => steps.has(one.id)),
		event,
		ownKeys.keys
	);
	if (!command) return false;
	const reason = runOn(command, onBoard);
	if (reason) bench.refuse(reason);
	return true;
}
