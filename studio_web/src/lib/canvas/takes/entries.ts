import { choiceCommands } from '#lib/commands/choice-commands.ts';
import { whyNot } from '#lib/commands/command.ts';
import type { MenuEntry } from '#lib/ui/menu.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** The end of a card's menu of takes: what its take in view can be put through. The card is selected first. */
export function entries(bench: Workbench, id: string): MenuEntry[] {
	if (bench.chosen?.id !== id) bench.board.select([id]);
	const on = { kind: 'card', id } as const;
	return [
		'line',
		...choiceCommands(bench).flatMap((command): MenuEntry[] => {
			if (!command.where?.includes('card')) return [];
			const reason = whyNot(command, on);
			if (reason === '') return [];
			const [keys] = command.keys;
			return [
				{
					label: command.title,
					disabled: reason !== undefined,
					...(keys ? { keys } : {}),
					...(reason ? { hint: reason } : {}),
					run: () => command.run(on)
				}
			];
		})
	];
}
