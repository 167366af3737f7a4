import { keep } from '../ui/kept.ts';
import type { Command } from './command.ts';
import { hints, KEY } from './key-hints.svelte.ts';
import { chordsOf, given, readKeys, type Chord, type OwnKeys } from './keymap.ts';

/** The keys that this person has chosen, kept in this browser: changed, given away, written to a file and read. */

// What an older or a broken page left is kept only where it is well formed.
hints.own = readKeys(JSON.stringify(hints.own)) ?? {};

function choose(keys: OwnKeys): void {
	hints.own = keys;
	keep(KEY, keys);
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
		choose(given(commands, hints.own, id, chord));
	},

	take(command: Command, label: string): void {
		choose({ ...hints.own, [command.id]: chordsOf(command, hints.own).filter((one) => one.label !== label) });
	},

	reset(id?: string): void {
		choose(
			id === undefined ? {} : Object.fromEntries(Object.entries(hints.own).filter(([own]) => own !== id))
		);
	},

	/** Takes over a file of keys; false when it is none. */
	read(text: string): boolean {
		const keys = readKeys(text);
		if (keys) choose(keys);
		return keys !== undefined;
	},

	get text(): string {
		return JSON.stringify(hints.own, null, 2);
	}
};
