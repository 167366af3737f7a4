import type { Box, Spot } from './edits.ts';
import type { Size, Viewport } from './placing.ts';

/**
 * How near the viewer is and what is in sight: pure arithmetic between the board and the screen.
 *
 * Three levels, so that nothing is drawn that nobody could read: whole cards, tiles, and the overview, which is one
 * picture instead of a thousand elements. Cards never read the viewport; they read the level.
 */

export type Level = 'card' | 'tile' | 'overview';

const CARD = 0.6;
const TILE = 0.35;
/** A level holds on a little past its end, so that a wheel resting on the border does not flicker. */
const SLACK = 0.03;

export function levelAt(zoom: number, now: Level): Level {
	const card = CARD + (now === 'card' ? -SLACK : SLACK);
	const tile = TILE + (now === 'overview' ? SLACK : -SLACK);
	return zoom >= card ? 'card' : zoom >= tile ? 'tile' : 'overview';
}

/** The part of the board that is on the screen. */
export const sightOf = (view: Viewport, screen: Size): Box => ({
	x: -view.x / view.zoom,
	y: -view.y / view.zoom,
	width: screen.width / view.zoom,
	height: screen.height / view.zoom
});

export const toBoard = (view: Viewport, at: Spot): Spot => ({
	x: (at.x - view.x) / view.zoom,
	y: (at.y - view.y) / view.zoom
});

/** Whether nobody could see a difference between two views. */
export const sameView = (a: Viewport, b: Viewport): boolean =>
	Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5 && Math.abs(a.zoom / b.zoom - 1) < 0.001;

/** A box with a margin of so many of its own widths and heights. */
export const grown = (box: Box, by: number): Box => ({
	x: box.x - box.width * by,
	y: box.y - box.height * by,
	width: box.width * (1 + 2 * by),
	height: box.height * (1 + 2 * by)
});

export const touches = (a: Box, b: Box): boolean =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export const covers = (outer: Box, inner: Box): boolean =>
	outer.x <= inner.x &&
	outer.y <= inner.y &&
	outer.x + outer.width >= inner.x + inner.width &&
	outer.y + outer.height >= inner.y + inner.height;

export const holds = (box: Box, at: Spot): boolean =>
	at.x >= box.x && at.y >= box.y && at.x < box.x + box.width && at.y < box.y + box.height;

export const middleOf = (box: Box): Spot => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** The smallest box around all. Counted in a loop: there may be more boxes than a call takes arguments. */
export function boundsOf(boxes: Iterable<Box>): Box | undefined {
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const box of boxes) {
		left = Math.min(left, box.x);
		top = Math.min(top, box.y);
		right = Math.max(right, box.x + box.width);
		bottom = Math.max(bottom, box.y + box.height);
	}
	return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 2;
const PADDING = 0.06;

/** The view that has all boxes in sight, in the middle, not larger than life. */
export function fitOf(boxes: Iterable<Box>, screen: Size): Viewport | undefined {
	const all = boundsOf(boxes);
	if (!all) return undefined;
	const room = (long: number) => long * (1 - 2 * PADDING);
	const zoom = Math.min(
		1,
		Math.max(
			MIN_ZOOM,
			Math.min(room(screen.width) / (all.width || 1), room(screen.height) / (all.height || 1))
		)
	);
	return {
		x: screen.width / 2 - (all.x + all.width / 2) * zoom,
		y: screen.height / 2 - (all.y + all.height / 2) * zoom,
		zoom
	};
}
