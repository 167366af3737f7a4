import { tick } from 'svelte';
import type { Workbench } from '../workbench.svelte.ts';

/** Where the keyboard stands on the board: on the board itself, on a card's frame, or inside a card. */

const FRAME = '.svelte-flow__node';
const WITHIN =
	'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]';

export const frameOf = (id: string): HTMLElement | null =>
	document.querySelector<HTMLElement>(`${FRAME}[data-id="${CSS.escape(id)}"]`);

/** What can have the focus in a card, in order. */
export const stopsIn = (frame: Element): HTMLElement[] =>
	[...frame.querySelectorAll<HTMLElement>(WITHIN)].filter(
		(one) => one.tabIndex >= 0 && one.getClientRects().length > 0
	);

/** Two frames of the screen: after the first, the cards that came into sight are there. */
const drawn = () =>
	new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));

/** Selects a card, brings it into sight if it is not, and puts the focus on its frame. */
export function standOn(bench: Workbench, id: string): void {
	const { board, camera } = bench;
	board.select([id]);
	const box = board.box(id);
	if (box) camera?.reveal(box, []);
	void tick()
		.then(drawn)
		.then(() => frameOf(id)?.focus({ preventScroll: true }));
}

/** Into the card: near enough to be read first, then its first field. */
export function goInside(bench: Workbench, id: string): void {
	if (bench.far) bench.camera?.fit([id]);
	const go = (left: number): void => {
		const frame = frameOf(id);
		const first = frame && stopsIn(frame)[0];
		if (first) first.focus({ preventScroll: true });
		else if (left > 0) setTimeout(() => go(left - 1), 60);
	};
	go(8);
}

/** Tab inside a card stays inside it; Esc comes out to its frame. Answers whether the key was one of these. */
export function leaveOrCycle(event: KeyboardEvent): boolean {
	const target = event.target as HTMLElement;
	const frame = target.closest<HTMLElement>(FRAME);
	if (!frame || frame === target || event.defaultPrevented) return false;
	if (event.key === 'Escape') {
		frame.focus({ preventScroll: true });
		return true;
	}
	if (event.key !== 'Tab') return false;
	const stops = stopsIn(frame);
	const edge = event.shiftKey ? stops[0] : stops.at(-1);
	if (target !== edge) return false;
	(event.shiftKey ? stops.at(-1) : stops[0])?.focus({ preventScroll: true });
	return true;
}
