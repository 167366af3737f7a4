/**
 * Two fingers of which one rests on a card zoom and move the board, as they do beside the cards: on a full board there
 * is no room beside. Svelte Flow leaves such fingers to the card. Two on the empty board stay its own.
 * This code is fetched late: fingers that were down before it was here are taken over where they are.
 */

interface View {
	x: number;
	y: number;
	zoom: number;
}

export interface Glass {
	get: () => View;
	set: (view: View) => void;
	least: number;
	most: number;
}

/** Where two fingers are: the spot between them, counted from the board's corner, and how far they are apart. */
export interface Grip {
	x: number;
	y: number;
	apart: number;
}

/** The view in which what lay between the fingers lies between them still. Pure. */
export function pinched(view: View, from: Grip, to: Grip, least: number, most: number): View {
	const zoom = Math.min(most, Math.max(least, (view.zoom * to.apart) / (from.apart || 1)));
	const scale = zoom / view.zoom;
	return { x: to.x - (from.x - view.x) * scale, y: to.y - (from.y - view.y) * scale, zoom };
}

const onCard = ({ target }: Touch) => target instanceof Element && !!target.closest('.svelte-flow__node');

export function pinch(glass: Glass) {
	return (element: HTMLElement) => {
		let held: { grip: Grip; view: View } | undefined;
		const gripOf = ({ touches }: TouchEvent): Grip | undefined => {
			const [a, b, more] = touches;
			if (!a || !b || more || !(onCard(a) || onCard(b))) return undefined;
			const { left, top } = element.getBoundingClientRect();
			return {
				x: (a.clientX + b.clientX) / 2 - left,
				y: (a.clientY + b.clientY) / 2 - top,
				apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)
			};
		};
		const mine = (event: TouchEvent) => {
			event.stopPropagation();
			event.preventDefault();
		};
		const began = (event: TouchEvent) => {
			const grip = gripOf(event);
			held = grip && { grip, view: glass.get() };
			if (held) mine(event);
		};
		const moved = (event: TouchEvent) => {
			if (!held) return began(event);
			const grip = gripOf(event);
			if (!grip) return;
			mine(event);
			glass.set(pinched(held.view, held.grip, grip, glass.least, glass.most));
		};
		const ended = () => (held = undefined);
		const options = { capture: true, passive: false };
		element.addEventListener('touchstart', began, options);
		element.addEventListener('touchmove', moved, options);
		element.addEventListener('touchend', ended, options);
		element.addEventListener('touchcancel', ended, options);
		return () => {
			element.removeEventListener('touchstart', began, options);
			element.removeEventListener('touchmove', moved, options);
			element.removeEventListener('touchend', ended, options);
			element.removeEventListener('touchcancel', ended, options);
		};
	};
}
