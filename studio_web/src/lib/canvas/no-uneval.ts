/** Stands in for devalue's `uneval` in the page's build: only a server that renders pages calls it, and there is none. */
export function uneval(): never {
	throw new Error('A page writes no data as code');
}
