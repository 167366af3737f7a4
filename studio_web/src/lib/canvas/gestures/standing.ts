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

/** How long a card that is coming into sight, or whose face is being fetched, is waited for, and how often looked for. */
const WAIT_MS = 4000;
const APART_MS = 50;

/** Does something with a card's frame once that can be done; not if the person has meanwhile gone elsewhere. */
function whenThere(
	id: string,
	then: (frame: HTMLElement) => boolean,
	until = performance.now() + WAIT_MS
): void {
	const frame = frameOf(id);
	if ((frame && then(frame)) || performance.now() > until) return;
	const here = document.activeElement;
	setTimeout(() => {
		const now = document.activeElement;
		if (now === here || now === document.body) whenThere(id, then, until);
	}, APART_MS);
}

/** Selects a card, brings it into sight if it is not, and puts the focus on its frame. */
export function standOn(bench: Workbench, id: string): void {
	const { board, camera } = bench;
	board.select([id]);
	const box = board.box(id);
	if (box) camera?.reveal(box, []);
	void tick().then(() =>
		whenThere(id, (frame) => {
			frame.focus({ preventScroll: true });
			return true;
		})
	);
}

/** Onto the card that was just added, once it is on the board. */
export function standOnNew(bench: Workbench): void {
	void tick().then(() => {
		const id = bench.board.selected[0];
		if (id !== undefined) standOn(bench, id);
	});
}

/** Into the card: near enough to be read first, then its first field. */
export function goInside(bench: Workbench, id: string): void {
	if (bench.far) bench.camera?.fit([id]);
	whenThere(id, (frame) => {
		const first = stopsIn(frame)[0];
		first?.focus({ preventScroll: true });
		return first !== undefined;
	});
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
