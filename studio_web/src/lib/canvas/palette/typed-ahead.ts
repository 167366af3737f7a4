/** What is typed between Ctrl+K and the moment the palette is there: it belongs into the palette's field. */

const KEPT_MS = 15_000;

let typed = '';
let entered = false;
let stop = () => {};

/** From now on, until `taken`, a press elsewhere, too long a wait or until the palette is not wanted any more. */
export function typeAhead(wanted: () => boolean): void {
	forget();
	const end = new AbortController();
	const late = setTimeout(forget, KEPT_MS);
	stop = () => (clearTimeout(late), end.abort());
	addEventListener('pointerdown', forget, { capture: true, signal: end.signal });
	const heard = (event: KeyboardEvent) => (wanted() ? hear(event) : forget());
	addEventListener('keydown', heard, { capture: true, signal: end.signal });
}

/** The letters, and whether Enter followed them. */
export function taken(): { typed: string; entered: boolean } {
	const all = { typed, entered };
	forget();
	return all;
}

function forget(): void {
	stop();
	typed = '';
	entered = false;
}

function hear(event: KeyboardEvent): void {
	if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
	if (event.key === 'Enter') entered = typed !== '';
	else if (event.key === 'Backspace') typed = typed.slice(0, -1);
	else if (event.key.length === 1) typed += event.key;
	else return;
	event.preventDefault();
	event.stopPropagation();
}
