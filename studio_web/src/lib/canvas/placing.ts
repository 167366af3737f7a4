import type { Card } from './deck.ts';
import type { Surface } from './geometry.ts';
import type { Box, Spot } from './edits.ts';
import { boundsOf } from './lens.ts';

/**
 * Where a new card goes when nobody pointed at a place: the way a film reads, sources left, shots in rows, the
 * assembler right of everything. Pure; the workbench asks, tests hold it.
 */

export interface Placed extends Box {
	surface: Surface;
	/** Scene and code of a shot, as it sorts in the film; a shot that has no number yet is the newest. */
	order?: string;
}

/** A card that lies on the board, with the box it takes up there. */
export function placed({ position, width = 0, height = 0, data }: Card, box: Box | undefined): Placed {
	const { scene, code } = data.node.data;
	const numbered = typeof code === 'string' ? { order: `${String(scene ?? '')} ${code}` } : {};
	return { ...(box ?? { ...position, width, height }), surface: data.layout.surface, ...numbered };
}

export interface Size {
	width: number;
	height: number;
}

export interface Viewport extends Spot {
	zoom: number;
}

/** Between columns there is room for wires to bend, between rows only for the eye. */
const ACROSS = 72;
const DOWN = 48;
const MARGIN = 28;
const MOST_IN_ROW = 5;
const MOST_IN_COLUMN = 5;

const sources: ReadonlySet<Surface> = new Set<Surface>(['asset', 'audio', 'pipeline', 'value']);
const right = (box: Box) => box.x + box.width;
const bottom = (box: Box) => box.y + box.height;

const apart = (a: Box, b: Box): boolean =>
	right(a) + MARGIN <= b.x ||
	right(b) + MARGIN <= a.x ||
	bottom(a) + MARGIN <= b.y ||
	bottom(b) + MARGIN <= a.y;

/** Slides a card until it covers no other. */
export function clear(taken: readonly Box[], wished: Box, way: 'right' | 'down' | 'left' | 'up'): Spot {
	let { x, y } = wished;
	for (;;) {
		const hit = taken.find((box) => !apart(box, { ...wished, x, y }));
		if (!hit) return { x, y };
		if (way === 'right') x = right(hit) + MARGIN;
		else if (way === 'left') x = hit.x - wished.width - MARGIN;
		else if (way === 'up') y = hit.y - wished.height - MARGIN;
		else y = bottom(hit) + MARGIN;
	}
}

/** The place of a new card; `middle` is what the viewer looks at, for the first card of a board. */
export function placeFor(surface: Surface, size: Size, taken: readonly Placed[], middle: Spot): Spot {
	const at = (spot: Spot): Box => ({ ...spot, ...size });
	if (taken.length === 0)
		return { x: Math.round(middle.x - size.width / 2), y: Math.round(middle.y - size.height / 2) };
	if (surface === 'shot') return clear(taken, at(nextShot(size, taken)), 'right');
	if (sources.has(surface)) return nextSource(size, taken);
	const top = Math.min(...(some(taken, isShot) ?? taken).map((box) => box.y));
	return clear(taken, at({ x: Math.max(...taken.map(right)) + ACROSS, y: top }), 'right');
}

const isShot = (box: Placed) => box.surface === 'shot';
const isSource = (box: Placed) => sources.has(box.surface);

function some(taken: readonly Placed[], wanted: (box: Placed) => boolean): Placed[] | undefined {
	const found = taken.filter(wanted);
	return found.length ? found : undefined;
}

/** Right of the last shot of the film; below its row when that is long or the assembler stands in the way. */
function nextShot(size: Size, taken: readonly Placed[]): Spot {
	const shots = some(taken, isShot);
	if (!shots) {
		const before = some(taken, isSource);
		if (before)
			return { x: Math.max(...before.map(right)) + ACROSS, y: Math.min(...before.map((box) => box.y)) };
		const first = Math.min(...taken.map((box) => box.x));
		return { x: first - ACROSS - size.width, y: Math.min(...taken.map((box) => box.y)) };
	}
	const last = shots.reduce((a, b) =>
		(a.order ?? '~').localeCompare(b.order ?? '~', 'en', { numeric: true }) > 0 ? a : b
	);
	const row = shots.filter((box) => Math.abs(box.y - last.y) < last.height / 2);
	const next = { x: right(last) + ACROSS, y: last.y };
	const wall = taken.some(
		(box) => !isShot(box) && !isSource(box) && box.x >= right(last) && box.x < next.x + size.width + MARGIN
	);
	if (row.length < MOST_IN_ROW && !wall) return next;
	return { x: Math.min(...row.map((box) => box.x)), y: Math.max(...row.map(bottom)) + DOWN };
}

/** Below the lowest source of the leftmost column, else in a column left of everything. */
function nextSource(size: Size, taken: readonly Placed[]): Spot {
	const there = some(taken, isSource);
	const left = Math.min(...(there ?? taken).map((box) => box.x));
	const column = there?.filter((box) => box.x - left < box.width) ?? [];
	if (column.length > 0 && column.length < MOST_IN_COLUMN)
		return clear(taken, { x: left, y: Math.max(...column.map(bottom)) + DOWN, ...size }, 'down');
	const top = Math.min(...(there ?? some(taken, isShot) ?? taken).map((box) => box.y));
	return clear(taken, { x: left - ACROSS - size.width, y: top, ...size }, 'left');
}

const PAD = 40;
/** Below this a card's words can no longer be read, so the view follows the card instead of showing all. */
const READABLE = 0.6;

/** The view that shows a new card: unchanged if it is in sight, all cards while they stay readable, else just moved. */
export function viewOf(card: Box, all: readonly Box[], screen: Size, now: Viewport): Viewport {
	const seen = (box: Box, view: Viewport) =>
		box.x * view.zoom + view.x >= 0 &&
		box.y * view.zoom + view.y >= 0 &&
		right(box) * view.zoom + view.x <= screen.width &&
		bottom(box) * view.zoom + view.y <= screen.height;
	if (seen(card, now)) return now;
	const { x, y, width, height } = boundsOf([...all, card]) ?? card;
	const zoom = Math.min(now.zoom, (screen.width - 2 * PAD) / width, (screen.height - 2 * PAD) / height);
	if (zoom >= Math.min(READABLE, now.zoom))
		return {
			x: (screen.width - width * zoom) / 2 - x * zoom,
			y: (screen.height - height * zoom) / 2 - y * zoom,
			zoom
		};
	const shift = (at: number, long: number, room: number, off: number) =>
		Math.min(Math.max(off, PAD - at * now.zoom), room - PAD - (at + long) * now.zoom);
	return {
		x: shift(card.x, card.width, screen.width, now.x),
		y: shift(card.y, card.height, screen.height, now.y),
		zoom: now.zoom
	};
}
