/**
 * Scrubbing a take under the pointer: which of the 25 pictures of its sheet lies at a place, and where the sheet is.
 *
 * Pure. A sheet is one still picture of 5 × 5, evenly spread from the first frame to the last; no video is touched.
 */

export const ACROSS = 5;
export const CELLS = ACROSS * ACROSS;

export const spriteUrl = (project: string, oid: string): string =>
	`/api/v1/projects/${project}/sprites/${oid}`;

/** The cell for a place between 0 and 1; both ends of the picture show the first and the last one. */
export function cellAt(part: number): number {
	return Math.min(CELLS - 1, Math.max(0, Math.floor(part * CELLS)));
}

/** Where a cell lies on its sheet, as a `background-position`. */
export function positionOf(cell: number): string {
	const step = 100 / (ACROSS - 1);
	return `${(cell % ACROSS) * step}% ${Math.floor(cell / ACROSS) * step}%`;
}

/** The frame of the take that a cell shows. */
export const frameOf = (cell: number, frames: number): number =>
	frames > 1 ? Math.round((cell * (frames - 1)) / (CELLS - 1)) : 0;
