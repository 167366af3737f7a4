import type { Viewport } from '../placing.ts';
import { MAX_ZOOM, MIN_ZOOM } from '../lens.ts';
import { longPress } from './long-press.ts';
import { pinch } from './pinch.ts';

interface Flow {
	getViewport: () => Viewport;
	setViewport: (view: Viewport) => unknown;
}

/** What fingers do on the board beyond what Svelte Flow knows. The board bears a mark (`data-fingers`) from then on. */
export function fingers(
	board: HTMLElement,
	flow: Flow,
	onrest: (target: Element, screen: { x: number; y: number }) => void
): () => void {
	const rest = longPress(onrest)(board);
	const two = pinch({
		get: flow.getViewport,
		set: (view) => void flow.setViewport(view),
		least: MIN_ZOOM,
		most: MAX_ZOOM
	})(board);
	board.dataset.fingers = '';
	return () => {
		rest();
		two();
	};
}
