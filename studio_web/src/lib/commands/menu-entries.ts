import type { MenuEntry } from '../ui/menu.ts';
import { whyNot, type Command, type Place } from './command.ts';
import type { OwnKeys } from './keymap.ts';
import { labelsOf } from './keymap.ts';

/**
 * The commands of a place as a context menu: a line between groups, what destroys last. The board's own menu says why
 * something cannot be; at a card or a wire only what can be done is offered, else every menu would be a list of excuses.
 */
export function menuEntries(commands: readonly Command[], on: Place, own: OwnKeys = {}): MenuEntry[] {
	const offered = commands.filter((command) => {
		if (!command.where?.includes(on.kind)) return false;
		const reason = whyNot(command, on);
		return reason === undefined || (reason !== '' && on.kind === 'board');
	});
	const rank = (command: Command) => (command.danger ? 1 : 0);
	const groups = new Map<string, Command[]>();
	for (const command of [...offered].sort((a, b) => rank(a) - rank(b))) {
		const group = command.danger ? 'danger' : command.group;
		groups.set(group, [...(groups.get(group) ?? []), command]);
	}
	return [...groups.values()].flatMap((group, index) => [
		...(index > 0 ? ['line' as const] : []),
		...group.map((command) => {
			const reason = whyNot(command, on);
			const keys = labelsOf(command, own)[0];
			return {
				label: command.title,
				...(keys ? { keys } : {}),
				...(reason ? { hint: reason } : {}),
				disabled: reason !== undefined,
				danger: command.danger ?? false,
				run: () => command.run(on)
			};
		})
	]);
}
