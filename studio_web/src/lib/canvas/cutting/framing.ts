import type { GraphNode } from '../../api/types.ts';
import type { Doc } from '../../project/ops.ts';

/** What of a shot is seen in a film of another shape. Pure; the same arithmetic as the pipeline's and the studio's. */

export interface Framing {
	x: number;
	y: number;
	scale: number;
}

export const CLOSEST = 4;
export const MIDDLE: Framing = { x: 0.5, y: 0.5, scale: 1 };

/** The shapes that a film can have, width to height; `project` is that of what it is made for. */
export const shapes: Record<string, number> = {
	'16:9': 16 / 9,
	'9:16': 9 / 16,
	'1:1': 1,
	'4:5': 4 / 5,
	'4:3': 4 / 3
};

/** A window in shares of the picture, from its top left. */
export interface Pane {
	left: number;
	top: number;
	width: number;
	height: number;
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** The window of a picture of one shape that fills a film of another. */
export function windowOf(framing: Framing, own: number, film: number): Pane {
	const width = Math.min(1, film / own) / framing.scale;
	const height = Math.min(1, own / film) / framing.scale;
	return {
		left: within(framing.x - width / 2, 0, 1 - width),
		top: within(framing.y - height / 2, 0, 1 - height),
		width,
		height
	};
}

/** Where the whole picture lies, in percent of a frame that shows this window of it. */
export function placedIn(pane: Pane): string {
	const share = (value: number) => `${+(value * 100).toFixed(4)}%`;
	return `left:${share(-pane.left / pane.width)};top:${share(-pane.top / pane.height)};width:${share(1 / pane.width)};height:${share(1 / pane.height)}`;
}

/** A framing as it is kept: four figures do, and a scale that is none is not written. */
export function kept(framing: Framing): Record<string, number> {
	const round = (value: number) => +value.toFixed(4);
	const point = { x: round(within(framing.x, 0, 1)), y: round(within(framing.y, 0, 1)) };
	const scale = round(within(framing.scale, 1, CLOSEST));
	return scale > 1 ? { ...point, scale } : point;
}

/** The assembler whose cut a card shows, by the wires into `edl`. */
export function masterOf(doc: Doc, node: string): string {
	const seen = new Set<string>();
	let at = node;
	while (!seen.has(at)) {
		seen.add(at);
		const wire = [...doc.edges.values()].find((edge) => edge.target === at && edge.target_handle === 'edl');
		const before = wire && doc.nodes.get(wire.source);
		if (before?.type !== 'assembler') break;
		at = before.id;
	}
	return at;
}

/** The other cards that show the cut of an assembler, from top to bottom. */
export function versionsOf(doc: Doc, master: string): GraphNode[] {
	return [...doc.nodes.values()]
		.filter((one) => one.type === 'assembler' && one.id !== master && masterOf(doc, one.id) === master)
		.toSorted((a, b) => a.y - b.y || a.x - b.x);
}
