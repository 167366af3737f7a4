/** Fuzzy search: letters in order, whole words and beginnings first. Pure; 0 is no match. */
export function score(query: string, text: string): number {
	const words = query.trim().toLowerCase();
	const within = text.toLowerCase();
	if (words === '') return 1;
	if (within.startsWith(words)) return 4;
	if (within.split(/[\s-]+/).some((word) => word.startsWith(words))) return 3;
	if (within.includes(words)) return 2;
	let at = 0;
	for (const letter of words) {
		at = within.indexOf(letter, at) + 1;
		if (at === 0) return 0;
	}
	return 1;
}

/** The items that match, best first; `texts` lists what may match, most important first. */
export function search<T>(query: string, items: readonly T[], texts: (item: T) => readonly string[]): T[] {
	return items
		.map((item, index) => {
			const best = Math.max(...texts(item).map((text, place) => score(query, text) - place * 0.1));
			return { item, index, best };
		})
		.filter((one) => one.best > 0.5)
		.sort((a, b) => b.best - a.best || a.index - b.index)
		.map((one) => one.item);
}
