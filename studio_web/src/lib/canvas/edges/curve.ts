import type { Box, Spot } from '../edits.ts';

/** The line of a wire: where it runs, how near the pointer is to it. Pure; in board pixels. */

export interface Curve {
	from: Spot;
	to: Spot;
	/** What pulls it out of its output and into its input. */
	out: Spot;
	into: Spot;
}

const BEND = 7;
const STEPS = 24;

const pull = (way: number) => (way >= 0 ? way / 2 : BEND * Math.sqrt(-way));

export function curve(from: Spot, to: Spot): Curve {
	const reach = pull(to.x - from.x);
	return { from, to, out: { x: from.x + reach, y: from.y }, into: { x: to.x - reach, y: to.y } };
}

const round = (n: number) => Math.round(n * 10) / 10;
const pair = (at: Spot) => `${round(at.x)},${round(at.y)}`;

export const pathOf = ({ from, out, into, to }: Curve): string =>
	`M${pair(from)} C${pair(out)} ${pair(into)} ${pair(to)}`;

/** A box that holds the whole line. */
export function boxOf({ from, out, into, to }: Curve): Box {
	const xs = [from.x, out.x, into.x, to.x];
	const ys = [from.y, to.y];
	const x = Math.min(...xs);
	const y = Math.min(...ys);
	return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}

export function pointAt({ from, out, into, to }: Curve, t: number): Spot {
	const u = 1 - t;
	const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
	return {
		x: a * from.x + b * out.x + c * into.x + d * to.x,
		y: a * from.y + b * out.y + c * into.y + d * to.y
	};
}

/** How far a spot is from the line. */
export function distanceTo(line: Curve, at: Spot): number {
	let nearest = Infinity;
	let a = line.from;
	for (let step = 1; step <= STEPS; step++) {
		const b = pointAt(line, step / STEPS);
		nearest = Math.min(nearest, toSegment(a, b, at));
		a = b;
	}
	return nearest;
}

function toSegment(a: Spot, b: Spot, at: Spot): number {
	const [dx, dy] = [b.x - a.x, b.y - a.y];
	const long = dx * dx + dy * dy;
	const t = long ? Math.min(1, Math.max(0, ((at.x - a.x) * dx + (at.y - a.y) * dy) / long)) : 0;
	return Math.hypot(at.x - a.x - t * dx, at.y - a.y - t * dy);
}

/** The place on the line so far from one of its ends, for the grip that re-plugs it. */
export function gripAt(line: Curve, end: 'from' | 'to', away: number): Spot {
	for (let step = 1; step <= STEPS; step++) {
		const at = pointAt(line, end === 'from' ? step / STEPS : 1 - step / STEPS);
		if (step >= STEPS / 2 || Math.hypot(at.x - line[end].x, at.y - line[end].y) >= away) return at;
	}
	return line[end];
}
