/**
 * A pointer that is pressed on the board and drawn over the page marks no text there. Not by `user-select` on the page,
 * for which the style of everything on it would be worked out anew, twice a drag.
 */
export function noMarking(board: HTMLElement): () => void {
	const gone = new AbortController();
	let held = new AbortController();
	const free = () => held.abort();
	const press = ({ target }: PointerEvent) => {
		free();
		if ((target as Element).closest('input, textarea, [contenteditable=true]')) return;
		held = new AbortController();
		const { signal } = held;
		document.addEventListener('selectstart', (event) => event.preventDefault(), { signal });
		addEventListener('pointerup', free, { capture: true, signal });
		addEventListener('pointercancel', free, { capture: true, signal });
	};
	board.addEventListener('pointerdown', press, { capture: true, signal: gone.signal });
	return () => {
		gone.abort();
		free();
	};
}
