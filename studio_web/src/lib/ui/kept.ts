/** What this browser keeps for a person, as JSON. Private windows may refuse: a choice then lasts for the page. */

/** What was kept under a key, in whatever shape an older page left it; undefined where there is nothing readable. */
export function kept(key: string): unknown {
	try {
		return JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined;
	} catch {
		return undefined;
	}
}

/** The same where an object is expected: its fields, or none. */
export function keptFields(key: string): Record<string, unknown> {
	const found = kept(key);
	return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
}

export function keep(key: string, value: unknown): void {
	try {
		localStorage.setItem(key, JSON.stringify(value));
	} catch {
		// Refused: there is nothing else to do.
	}
}
