import type { FieldSpec, GraphEdge, GraphNode, SocketSpec } from '../api/types.ts';
import type { Resolved } from '../catalog/resolve.ts';
import { foldable } from './folding.ts';

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
/** The strip of pictures on a collapsed scene. */
export const FILM = 72;
export const TEXT = 96;
export const DOT = 28;

export type Surface =
	| 'shot'
	| 'process'
	| 'asset'
	| 'audio'
	| 'pipeline'
	| 'assembler'
	| 'value'
	| 'scene'
	| 'note'
	| 'reroute'
	| 'unknown';

const widths: Record<Surface, number> = {
	shot: 288,
	process: 288,
	asset: 232,
	audio: 232,
	pipeline: 264,
	assembler: 336,
	value: 232,
	scene: 336,
	note: 240,
	reroute: DOT,
	unknown: 232
};

/** Frames and notes are as large as people made them. */
const free: Partial<Record<string, readonly [width: number, height: number, least: number]>> = {
	scene: [560, 400, 180],
	note: [240, 160, 80]
};

export function freeSize(node: GraphNode): { width: number; height: number } | undefined {
	const usual = free[node.type];
	if (!usual) return undefined;
	const [width, height, least] = usual;
	const side = (value: unknown, other: number) =>
		typeof value === 'number' && Number.isFinite(value) ? Math.max(value, least) : other;
	return { width: side(node.data.width, width), height: side(node.data.height, height) };
}

/** What a card's own wires and data add to what its type says about its looks. */
export interface Own {
	size?: { width: number; height: number } | undefined;
	/** The sockets of a collapsed scene: those that cross its border. */
	border?: readonly Omit<SocketSpot, 'y'>[] | undefined;
	/** It lies in a collapsed scene. */
	hidden?: boolean;
	/** The wires that end in it: their inputs are shown. */
	wires?: readonly GraphEdge[] | undefined;
	/** The viewer sees all its inputs. */
	unfolded?: boolean;
}

export interface SocketSpot {
	spec: SocketSpec;
	side: 'source' | 'target';
	/** Centre, measured from the top of the card. */
	y: number;
}

export interface More {
	specs: readonly SocketSpec[];
	open: boolean;
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
	/** The row that stands for folded inputs, or folds them again; its inputs have a spot only while it is open. */
	more: More | undefined;
	faceFields: FieldSpec[];
	/** A frame that others lie in: drawn under them, and only its border can be touched. */
	frame: boolean;
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

function bodyHeight(surface: Surface, faceFields: readonly FieldSpec[], cuts: number): number {
	switch (surface) {
		case 'shot':
			return PROMPT + faceFields.length * FIELD + FOOTER;
		case 'process':
			return faceFields.length * FIELD + FOOTER;
		case 'value':
			return faceFields.reduce((sum, field) => sum + (field.widget === 'textarea' ? TEXT : FIELD), 8);
		case 'asset':
		case 'audio':
		case 'note':
		case 'reroute':
			return 0;
		case 'scene':
			return 36;
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
		case 'process':
			return HEADER + picture + STRIP;
		case 'scene':
			return HEADER + FILM;
		case 'asset':
			return HEADER + picture + 30;
		case 'audio':
			return HEADER + 76;
		default:
			return HEADER;
	}
}

/** How many of its fields a card shows on its face. */
const faced: Partial<Record<Surface, number>> = { shot: FACE_FIELDS, process: FACE_FIELDS, value: 4 };

const pictureOf = (surface: Surface, aspect: number): number =>
	surface === 'shot' || surface === 'process' ? aspect : surface === 'asset' ? 16 / 9 : 0;

const nothing = { picture: 0, socketsTop: 0, socketsHeight: 0, spots: [], more: undefined, faceFields: [] };

const known = new WeakMap<Resolved, Map<string, Layout>>();

/** `aspect` is the project's picture, `cuts` the number of shots wired into an assembler. Alike cards share one layout. */
export function layoutOf(resolved: Resolved, aspect: number, cuts: number, own: Own = {}): Layout {
	if (own.size || own.border) return laidOut(resolved, aspect, cuts, own);
	const there = known.get(resolved) ?? new Map<string, Layout>();
	known.set(resolved, there);
	const wired = own.wires?.map((edge) => edge.target_handle).sort();
	const key = `${aspect} ${cuts} ${own.unfolded ?? false} ${wired?.join(' ') ?? ''}`;
	const layout = there.get(key) ?? laidOut(resolved, aspect, cuts, own);
	there.set(key, layout);
	return layout;
}

function laidOut(resolved: Resolved, aspect: number, cuts: number, own: Own): Layout {
	const surface = surfaceOf(resolved);
	if (surface === 'note' || (surface === 'scene' && !own.border)) {
		const { width, height } = own.size ?? { width: widths[surface], height: widths[surface] };
		return { ...nothing, surface, width, height, frame: surface === 'scene' };
	}
	const width = widths[surface];
	const pictured = pictureOf(surface, aspect);
	const picture = pictured ? pictureHeight(width, pictured) : 0;
	const faceFields = formFields(resolved)
		.filter((field) => surface === 'value' || field.widget !== 'textarea') // long words have no room on a face
		.slice(0, faced[surface] ?? 0);
	const extra = own.border ? [] : foldable(resolved, own.wires ?? []);
	const open = own.unfolded === true;
	const shown = open ? resolved.inputs : resolved.inputs.filter((spec) => !extra.includes(spec));
	const ends: readonly Omit<SocketSpot, 'y'>[] = own.border ?? [
		...shown.map((spec) => ({ spec, side: 'target' as const })),
		...resolved.outputs.map((spec) => ({ spec, side: 'source' as const }))
	];
	const dot = surface === 'reroute';
	const socketsTop = dot ? 0 : headHeight(surface, picture);
	const rows = { source: 0, target: 0 };
	const next = (side: keyof typeof rows) => socketsTop + SOCKET_GAP + rows[side]++ * ROW + ROW / 2;
	const spots = ends.map((end) => ({ ...end, y: dot ? DOT / 2 : next(end.side) }));
	const more = extra.length ? { specs: extra, open, y: next('target') } : undefined;
	const most = Math.max(rows.source, rows.target);
	const socketsHeight = most ? most * ROW + 2 * SOCKET_GAP : 0;
	return {
		surface,
		width,
		height: dot ? DOT : socketsTop + socketsHeight + bodyHeight(surface, faceFields, cuts),
		picture,
		socketsTop,
		socketsHeight,
		spots,
		more,
		faceFields,
		frame: false
	};
}
