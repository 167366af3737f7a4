import type { Command } from './command.ts';

/**
 * Keys as people write them (`Ctrl+Shift+Z`) against keyboard events. Pure; Ctrl means Cmd on a Mac.
 *
 * A key is known by what stands on it and by its place. What stands on it wins; its place helps out where a layout
 * has no such sign at hand: `[` is reached by AltGr in Germany and France, and the key right of P does as well.
 */

export interface Press {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	shiftKey: boolean;
	altKey: boolean;
	/** The physical key. */
	code?: string;
	getModifierState?: (name: string) => boolean;
}

/** One combination: what stands on the key, and where the key is. */
export interface Chord {
	label: string;
	code?: string;
}

/** The keys that a person has chosen, by command. */
export type OwnKeys = Readonly<Record<string, readonly Chord[]>>;

const names: Record<string, string> = {
	' ': 'Space',
	ArrowLeft: 'Left',
	ArrowRight: 'Right',
	ArrowUp: 'Up',
	ArrowDown: 'Down'
};

const isWord = (key: string) => /^[\p{L}\p{N}]$/u.test(key);
const isSign = (key: string) => key.length === 1 && !isWord(key);

/** Whether AltGr made the sign; Windows reports it as Ctrl and Alt. */
const withAltGr = (event: Press) => event.getModifierState?.('AltGraph') ?? false;

function joined(event: Press, key: string, bare: boolean): string {
	return [
		(event.ctrlKey || event.metaKey) && !withAltGr(event) && 'Ctrl',
		event.altKey && !bare && !withAltGr(event) && 'Alt',
		event.shiftKey && !bare && 'Shift',
		key
	]
		.filter(Boolean)
		.join('+');
}

/** What was pressed, by what stands on the key. Signs need Shift or Alt on some layouts: there those do not count. */
export function pressed(event: Press): string {
	const digit = /^Digit(\d)$/.exec(event.code ?? '')?.[1];
	const upper = event.key.length === 1 ? event.key.toUpperCase() : event.key;
	const named = names[event.key] ?? (upper.length === 1 ? upper : event.key);
	const key = event.shiftKey && digit && !withAltGr(event) ? digit : named;
	return joined(event, key, isSign(key));
}

/** What was pressed, by the place of the key. */
export const placed = (event: Press): string | undefined =>
	event.code ? joined(event, event.code, false) : undefined;

export const chordOf = (event: Press): Chord => {
	const code = placed(event);
	return { label: pressed(event), ...(code ? { code } : {}) };
};

const signPlaces: Record<string, string> = {
	'[': 'BracketLeft',
	']': 'BracketRight',
	'-': 'Minus',
	'=': 'Equal',
	'.': 'Period',
	',': 'Comma',
	'/': 'Slash',
	'?': 'Shift+Slash',
	'+': 'Shift+Equal'
};

/** Where a key lies on the keyboard that the usual keys were chosen on. */
function usualPlace(label: string): string | undefined {
	const [, before = '', key = ''] = /^((?:(?:Ctrl|Alt|Shift)\+)*)(.+)$/.exec(label) ?? [];
	if (/^[A-Z]$/.test(key)) return `${before}Key${key}`;
	if (/^\d$/.test(key)) return `${before}Digit${key}`;
	const place = signPlaces[key];
	return place && before + place;
}

/** The combinations of a command: the person's own, else the usual ones. */
export function chordsOf(command: Pick<Command, 'id' | 'keys'>, own: OwnKeys = {}): readonly Chord[] {
	return (
		own[command.id] ??
		command.keys.map((label) => {
			const code = usualPlace(label);
			return { label, ...(code ? { code } : {}) };
		})
	);
}

export const labelsOf = (command: Pick<Command, 'id' | 'keys'>, own?: OwnKeys): string[] =>
	chordsOf(command, own).map((chord) => chord.label);

export function commandFor(
	commands: readonly Command[],
	event: Press,
	own: OwnKeys = {}
): Command | undefined {
	const { label, code } = chordOf(event);
	const named = commands.find((command) => chordsOf(command, own).some((chord) => chord.label === label));
	// A Latin letter or a digit means itself wherever it lies: Y and Z change places in Germany, A and Q in France.
	if (named || code === undefined || /(^|\+)[A-Z\d]$/.test(label)) return named;
	return commands.find((command) => chordsOf(command, own).some((chord) => chord.code === code));
}

/** Combinations that more than one command wants. */
export function clashes(commands: readonly Command[], own: OwnKeys = {}): Map<string, Command[]> {
	const takers = new Map<string, Command[]>();
	for (const command of commands)
		for (const label of new Set(labelsOf(command, own)))
			takers.set(label, [...(takers.get(label) ?? []), command]);
	return new Map([...takers].filter(([, wanting]) => wanting.length > 1));
}

/** Gives a combination to a command and takes it from all others. */
export function given(commands: readonly Command[], own: OwnKeys, id: string, chord: Chord): OwnKeys {
	const next: Record<string, readonly Chord[]> = { ...own };
	for (const command of commands) {
		const had = chordsOf(command, own);
		const rest = had.filter((one) => one.label !== chord.label);
		if (command.id === id) next[id] = [...rest, chord];
		else if (rest.length !== had.length) next[command.id] = rest;
	}
	return next;
}

/** A file of keys, or what may be in its place: only well-formed entries come through. */
export function readKeys(text: string): OwnKeys | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
	const keys: Record<string, readonly Chord[]> = {};
	for (const [id, chords] of Object.entries(value)) {
		if (!Array.isArray(chords) || !chords.every(isChord)) return undefined;
		keys[id] = chords.map(({ label, code }) => ({ label, ...(code ? { code } : {}) }));
	}
	return keys;
}

const isChord = (value: unknown): value is Chord =>
	typeof value === 'object' &&
	value !== null &&
	'label' in value &&
	typeof value.label === 'string' &&
	value.label !== '' &&
	(!('code' in value) || typeof value.code === 'string');

/** Keys that browsers do not hand to a page. */
export const kept = (label: string): boolean =>
	/^Ctrl\+(Shift\+)?[NTW]$/.test(label) || /^(Alt\+F4|F11|Ctrl\+Tab|Ctrl\+Shift\+Tab)$/.test(label);
