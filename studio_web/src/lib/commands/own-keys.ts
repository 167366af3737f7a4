import type { Command } from './command.ts';
import { hints, KEY } from './key-hints.svelte.ts';
import { chordsOf, given, readKeys, type Chord, type OwnKeys } from './keymap.ts';

/** The keys that this person has chosen, kept in this browser: changed, given away, written to a file and read. */

// What an older or a broken page left is kept only where it is well formed.
hints.own = readKeys(JSON.stringify(hints.own)) ?? {};

function keep(keys: OwnKeys): void {
	hints.own = keys;
	try {
		localStorage.setItem(KEY, JSON.stringify(keys));
	} catch {
		// Private windows may refuse: the keys then last for this page.
	}
}

export const ownKeys = {
	get keys(): OwnKeys {
		return hints.own;
	},

	/** The combination to show beside a command. */
	first(command: Pick<Command, 'id' | 'keys'>): string | undefined {
		return chordsOf(command, hints.own)[0]?.label;
	},

	/** Gives a combination to a command; whoever had it loses it. */
	give(commands: readonly Command[], id: string, chord: Chord): void {
		keep(given(commands, hints.own, id, chord));
	},

	take(command: Command, label: string): void {
		keep({ ...hints.own, [command.id]: chordsOf(command, hints.own).filter((one) => one.label !== label) });
	},

	reset(id?: string): void {
		keep(id === undefined ? {} : Object.fromEntries(Object.entries(hints.own).filter(([own]) => own !== id)));
	},

	/** Takes over a file of keys; false when it is none. */
	read(text: string): boolean {
		const keys = readKeys(text);
		if (keys) keep(keys);
		return keys !== undefined;
	},

	get text(): string {
		return JSON.stringify(hints.own, null, 2);
	}
};
