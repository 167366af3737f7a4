import type { Box } from '../edits.ts';
import { touches } from '../lens.ts';
import type { Line } from './lines.ts';
import type { Palette } from './palette.ts';
import { wider } from './sheet.ts';
import type { Mark, Tile } from './tiles.ts';

/**
 * The board seen from afar, painted on a canvas: scenes, wires, cards with picture, number and state. States have a
 * colour and a sign. Knows nothing of the page; the overview calls it with a context that is scaled to board pixels.
 */

export interface Painting {
	context: CanvasRenderingContext2D;
	/** What is painted, in board pixels, and how large a board pixel is on the screen. */
	area: Box;
	zoom: number;
	palette: Palette;
	picture: (address: string) => CanvasImageSource | undefined;
	/** How large a scene's title is on the screen, in pixels. */
	title?: number;
}

/** Letters this small are still read; smaller ones are left out. On the screen, in pixels. */
const SMALLEST = 8.5;
/** A wire this short on the screen, in pixels, is between two cards that touch. */
const SHORT = 2;
const NUMBER = 84;
const TITLE = 13;
/** Of a name that is cut, so many letters at least say something. */
const FEWEST = 4;
const FONT = '"Geist Mono", monospace';

/** Signs and frames are never smaller than can be seen: so far they stand out of their cards, in board pixels. */
export const outside = (zoom: number): number => Math.max(64, 9 / zoom) + 6 / zoom;

/** Paints what there is in an area; the answer is how much that was. */
export function paint(painting: Painting, tiles: readonly Tile[], lines: readonly Line[]): number {
	const { area, zoom } = painting;
	const near = wider(area, outside(zoom));
	const seen = tiles.filter((tile) => touches(tile.box, near));
	const strung = lines.filter(
		({ box }) => (box.width * zoom > SHORT || box.height * zoom > SHORT) && touches(box, area)
	);
	for (const tile of seen) if (tile.kind === 'scene') paintScene(painting, tile);
	paintLines(painting, strung);
	for (const tile of seen) if (tile.kind !== 'scene') paintCard(painting, tile);
	return seen.length + strung.length;
}

function paintScene(
	{ context, zoom, palette, title = TITLE }: Painting,
	{ box, name, colour, selected, muted }: Tile
): void {
	const tint = palette.tint(colour);
	context.globalAlpha = muted ? 0.1 : 0.16;
	context.fillStyle = tint;
	context.fillRect(box.x, box.y, box.width, box.height);
	context.globalAlpha = 1;
	context.strokeStyle = selected ? palette.accent : tint;
	context.lineWidth = (selected ? 2 : 1) / zoom;
	context.strokeRect(box.x, box.y, box.width, box.height);
	const size = Math.max(title / zoom, 22);
	if (box.width * zoom < 24) return;
	if (box.height < size * 1.4) return;
	context.fillStyle = palette.ink;
	context.font = `600 ${size}px Inter, sans-serif`;
	context.textAlign = 'left';
	context.textBaseline = 'top';
	const said = shortened(context, name, box.width - size * 0.8);
	context.fillText(said, box.x + size * 0.4, box.y + size * 0.35);
}

/** As much of a name as fits into a width; what is cut ends in three dots, and one letter and dots say nothing. */
export function shortened(
	pen: Pick<CanvasRenderingContext2D, 'measureText'>,
	name: string,
	width: number
): string {
	const fits = (text: string) => pen.measureText(text).width <= width;
	if (fits(name)) return name;
	let [some, over] = [0, name.length];
	while (over - some > 1) {
		const half = (some + over) >> 1;
		if (fits(`${name.slice(0, half)}…`)) some = half;
		else over = half;
	}
	return some < FEWEST ? '' : `${name.slice(0, some).trimEnd()}…`;
}

/** Wires of one colour are one stroke: a thousand strokes would take longer than all the rest. */
function paintLines({ context, zoom, palette }: Painting, lines: readonly Line[]): void {
	const paths = new Map<string, Path2D>();
	for (const { curve, carries, broken, dim } of lines) {
		const key = broken ? 'broken' : `${dim ? 'dim' : 'wire'} ${carries}`;
		const path = paths.get(key) ?? new Path2D();
		paths.set(key, path);
		path.moveTo(curve.from.x, curve.from.y);
		path.bezierCurveTo(curve.out.x, curve.out.y, curve.into.x, curve.into.y, curve.to.x, curve.to.y);
	}
	context.lineWidth = Math.max(2, 1 / zoom);
	for (const [key, path] of paths) {
		const [how, carries = ''] = key.split(' ');
		context.globalAlpha = how === 'dim' ? 0.25 : 0.75;
		context.strokeStyle = how === 'broken' ? palette.marks.failed : palette.wire(carries);
		context.setLineDash(how === 'broken' ? [4 / zoom, 4 / zoom] : []);
		context.stroke(path);
	}
	context.setLineDash([]);
	context.globalAlpha = 1;
}

function paintCard(painting: Painting, tile: Tile): void {
	const { context, zoom, palette } = painting;
	const { box } = tile;
	context.globalAlpha = tile.muted ? 0.4 : 1;
	context.fillStyle = palette.panel;
	context.fillRect(box.x, box.y, box.width, box.height);
	if (tile.pictureHeight) paintPicture(painting, tile);
	paintName(painting, tile);
	if (box.width * zoom > 10) {
		context.strokeStyle = palette.line;
		context.lineWidth = 1 / zoom;
		context.strokeRect(box.x, box.y, box.width, box.height);
	}
	context.globalAlpha = 1;
	if (tile.muted) slash(painting, box);
	if (tile.mark) paintMark(painting, tile, tile.mark);
	if (!tile.selected) return;
	const out = 2 / zoom;
	context.strokeStyle = palette.accent;
	context.lineWidth = 2.5 / zoom;
	context.strokeRect(box.x - out, box.y - out, box.width + 2 * out, box.height + 2 * out);
}

function paintPicture({ context, palette, picture }: Painting, tile: Tile): void {
	const { box, pictureTop, pictureHeight } = tile;
	context.fillStyle = palette.well;
	context.fillRect(box.x, box.y + pictureTop, box.width, pictureHeight);
	const image = tile.picture === undefined ? undefined : picture(tile.picture);
	if (image) context.drawImage(image, box.x, box.y + pictureTop, box.width, pictureHeight);
}

function paintName({ context, zoom, palette }: Painting, tile: Tile): void {
	const { box, name } = tile;
	const below = tile.pictureHeight ? tile.pictureTop + tile.pictureHeight : 0;
	const room = Math.min(
		NUMBER,
		(box.width * 0.92) / (Math.max(name.length, 3) * 0.62),
		(box.height - below) * 0.8
	);
	const size = Math.max(room, SMALLEST / zoom);
	if (size > (box.height - below) * 0.9 && tile.kind !== 'shot') return;
	if (tile.kind === 'shot' && Math.max(name.length, 3) * 0.6 * size > box.width) return;
	context.fillStyle = tile.mark && isDone.has(tile.mark) ? palette.marks[tile.mark] : palette.name;
	context.font = `600 ${size}px ${FONT}`;
	context.textAlign = 'center';
	context.textBaseline = 'middle';
	// A number that is cut would be another number.
	const said = tile.kind === 'shot' ? name : shortened(context, name, box.width * 0.92);
	context.fillText(said, box.x + box.width / 2, box.y + (below + box.height) / 2);
}

/** What is being done about a card colours its name too; how its take stands does not. */
const isDone: ReadonlySet<Mark> = new Set(['running', 'waiting', 'failed']);

/**
 * A sign beside the colour: a triangle runs, a ring waits, a cross has failed, a diamond is out of date, a square with a
 * bow is locked, an empty square has no take. Never smaller than can be seen.
 */
function paintMark({ context, zoom, palette }: Painting, { box }: Tile, mark: Mark): void {
	const size = Math.max(64, 9 / zoom);
	const [x, y] = [box.x + box.width - size * 0.55, box.y + size * 0.55];
	const r = size * 0.26;
	context.fillStyle = palette.floor;
	context.beginPath();
	context.arc(x, y, size * 0.5, 0, 7);
	context.fill();
	context.strokeStyle = context.fillStyle = palette.marks[mark];
	context.lineWidth = size * 0.14;
	context.beginPath();
	if (mark === 'running') {
		context.moveTo(x - r * 0.8, y - r);
		context.lineTo(x + r * 1.1, y);
		context.lineTo(x - r * 0.8, y + r);
		context.fill();
	} else if (mark === 'waiting') {
		context.arc(x, y, r, 0, 7);
		context.stroke();
	} else if (mark === 'stale') {
		context.moveTo(x, y - r * 1.2);
		context.lineTo(x + r * 1.2, y);
		context.lineTo(x, y + r * 1.2);
		context.lineTo(x - r * 1.2, y);
		context.fill();
	} else if (mark === 'locked') {
		context.fillRect(x - r, y - r * 0.2, r * 2, r * 1.4);
		context.arc(x, y - r * 0.2, r * 0.65, Math.PI, 0);
		context.stroke();
	} else if (mark === 'missing') {
		context.lineWidth = size * 0.08;
		context.strokeRect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
	} else {
		context.moveTo(x - r, y - r);
		context.lineTo(x + r, y + r);
		context.moveTo(x + r, y - r);
		context.lineTo(x - r, y + r);
		context.stroke();
	}
}

function slash({ context, zoom, palette }: Painting, box: Box): void {
	context.strokeStyle = palette.muted;
	context.lineWidth = 1.5 / zoom;
	context.beginPath();
	context.moveTo(box.x, box.y + box.height);
	context.lineTo(box.x + box.width, box.y);
	context.stroke();
}
