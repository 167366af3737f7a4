import type { FieldSpec, SocketSpec } from '../api/types.ts';
import type { Resolved } from '../catalog/resolve.ts';

/**
 * Where everything on a card lies, in board pixels, known before it is drawn.
 *
 * Pure. The board declares sizes and socket positions from this, so that a thousand cards need not be mounted to
 * be measured; the cards set the same heights. Change one here and both follow.
 */

export const HEADER = 34;
export const ROW = 22;
export const SOCKET_GAP = 6;
export const STRIP = 34;
export const PROMPT = 74;
export const FIELD = 32;
export const FOOTER = 48;
export const CUT = 44;
export const HANDLE = 14;
/** How many of a pipeline's fields a shot shows on its face; the inspector has all. */
export const FACE_FIELDS = 3;
export const MOST_CUTS = 7;

export type Surface = 'shot' | 'asset' | 'audio' | 'pipeline' | 'assembler' | 'unknown';

const widths: Record<Surface, number> = {
	shot: 288,
	asset: 232,
	audio: 232,
	pipeline: 264,
	assembler: 336,
	unknown: 232
};

export interface SocketSpot {
	spec: SocketSpec;
	side: 'source' | 'target';
	/** Centre, measured from the top of the card. */
	y: number;
}

export interface Layout {
	surface: Surface;
	width: number;
	height: number;
	/** Height of the picture, 0 where there is none. */
	picture: number;
	/** Top and height of the block with the socket labels. */
	socketsTop: number;
	socketsHeight: number;
	spots: SocketSpot[];
	faceFields: FieldSpec[];
}

export function surfaceOf(resolved: Resolved): Surface {
	const surface = resolved.type?.surface;
	return surface !== undefined && surface in widths ? (surface as Surface) : 'unknown';
}

/** Fields the card draws itself, outside the form of its pipeline. */
const drawnApart = new Set(['prompt', 'seed', 'seed_locked']);

export const formFields = (resolved: Resolved): FieldSpec[] =>
	resolved.fields.filter((field) => !drawnApart.has(field.name));

/** The height of a picture of an aspect ratio (width over height) in a card, never a tower and never a slit. */
export function pictureHeight(width: number, aspect: number): number {
	return Math.round(Math.min(Math.max(width / aspect, 108), 216));
}

function bodyHeight(surface: Surface, faceFields: number, cuts: number): number {
	switch (surface) {
		case 'shot':
			return PROMPT + faceFields * FIELD + FOOTER;
		case 'asset':
			return 0;
		case 'audio':
			return 0;
		case 'pipeline':
			return 168;
		case 'assembler':
			return 30 + Math.min(Math.max(cuts, 1), MOST_CUTS) * CUT + 30 + FOOTER;
		case 'unknown':
			return 92;
	}
}

function headHeight(surface: Surface, picture: number): number {
	switch (surface) {
		case 'shot':
			return HEADER + picture + STRIP;
		case 'asset':
			return HEADER + picture + 30;
		case 'audio':
			return HEADER + 76;
		default:
			return HEADER;
	}
}

/** `aspect` is the project's picture, `cuts` the number of shots wired into an assembler. */
export function layoutOf(resolved: Resolved, aspect: number, cuts: number): Layout {
	const surface = surfaceOf(resolved);
	const width = widths[surface];
	const pictured = surface === 'shot' ? aspect : surface === 'asset' ? 16 / 9 : 0;
	const picture = pictured ? pictureHeight(width, pictured) : 0;
	const faceFields = surface === 'shot' ? formFields(resolved).slice(0, FACE_FIELDS) : [];
	const socketsTop = headHeight(surface, picture);
	const rows = Math.max(resolved.inputs.length, resolved.outputs.length);
	const socketsHeight = rows ? rows * ROW + 2 * SOCKET_GAP : 0;
	const spot = (side: 'source' | 'target') => (spec: SocketSpec, row: number) => ({
		spec,
		side,
		y: socketsTop + SOCKET_GAP + row * ROW + ROW / 2
	});
	return {
		surface,
		width,
		height: socketsTop + socketsHeight + bodyHeight(surface, faceFields.length, cuts),
		picture,
		socketsTop,
		socketsHeight,
		spots: [...resolved.inputs.map(spot('target')), ...resolved.outputs.map(spot('source'))],
		faceFields
	};
}
