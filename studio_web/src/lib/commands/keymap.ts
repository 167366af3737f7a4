/** Keys as people write them (`Ctrl+Shift+Z`) against keyboard events. Pure; Ctrl means Cmd on a Mac. */

import type { Command } from './command.ts';

export interface Press {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	shiftKey: boolean;
	altKey: boolean;
	/** The physical key, for digits that Shift turns into signs. */
	code?: string;
}

const names: Record<string, string> = {
	' ': 'Space',
	ArrowLeft: 'Left',
	ArrowRight: 'Right',
	ArrowUp: 'Up',
	ArrowDown: 'Down'
};

/** Signs that need Shift on some layouts: there Shift does not count. */
const signs = /^[?.+\-[\]=]$/;

export function pressed(event: Press): string {
	const digit = /^Digit(\d)$/.exec(event.code ?? '')?.[1];
	const key =
		event.shiftKey && digit
			? digit
			: (names[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key));
	const sign = signs.test(key);
	return [
		(event.ctrlKey || event.metaKey) && 'Ctrl',
		event.altKey && !sign && 'Alt',
		event.shiftKey && !sign && 'Shift',
		key
	]
		.filter(Boolean)
		.join('+');
}

export function commandFor(commands: readonly Command[], event: Press): Command | undefined {
	const keys = pressed(event);
	return commands.find((command) => command.keys.includes(keys));
}

/** Two commands that want the same keys, for a test and for rebinding later. */
export function conflicts(commands: readonly Command[]): string[] {
	const seen = new Map<string, string>();
	return commands.flatMap((command) =>
		command.keys.flatMap((keys) => {
			const other = seen.get(keys);
			seen.set(keys, command.id);
			return other ? [`${keys}: ${other}, ${command.id}`] : [];
		})
	);
}
