import type { Box } from '../edits.ts';
import { covers } from '../lens.ts';

/**
 * What of the board a picture holds, and which of its cells are still to be painted. Pure: the easel has the canvas.
 *
 * Cells lie on one grid of pixels for each zoom, so that a picture of another part of the board keeps every cell they share.
 */

const CELL = 128;

export class Sheet {
	/** What is painted, in board pixels. */
	readonly area: Box;
	readonly zoom: number;
	/** Pixels of the canvas for a board pixel. */
	readonly scale: number;
	readonly width: number;
	readonly height: number;
	/** Pixels of the canvas for one of the page. */
	readonly ratio: number;
	readonly #left: number;
	readonly #top: number;
	readonly #columns: number;
	#missing: Set<number>;

	/** Of at least that part of the board, with nothing painted yet. */
	constructor(part: Box, zoom: number, ratio: number) {
		const scale = zoom * ratio;
		const cell = (at: number) => Math.floor((at * scale) / CELL);
		this.#left = cell(part.x);
		this.#top = cell(part.y);
		this.#columns = cell(part.x + part.width) - this.#left + 1;
		const rows = cell(part.y + part.height) - this.#top + 1;
		[this.zoom, this.scale, this.ratio] = [zoom, scale, ratio];
		[this.width, this.height] = [this.#columns * CELL, rows * CELL];
		this.area = {
			x: (this.#left * CELL) / scale,
			y: (this.#top * CELL) / scale,
			width: this.width / scale,
			height: this.height / scale
		};
		this.#missing = new Set(Array.from({ length: this.#columns * rows }, (_, n) => n));
	}

	get missing(): number {
		return this.#missing.size;
	}

	/** Where the picture of another sheet goes on this one, in pixels; what it has need not be painted again. */
	inherit(from: Sheet): { x: number; y: number } {
		const [right, down] = [from.#left - this.#left, from.#top - this.#top];
		this.#missing = new Set(
			[...this.#missing].filter((at) => {
				const [column, row] = [(at % this.#columns) - right, Math.floor(at / this.#columns) - down];
				const there = column >= 0 && row >= 0 && column < from.#columns && row * CELL < from.height;
				return !there || from.#missing.has(row * from.#columns + column);
			})
		);
		return { x: right * CELL, y: down * CELL };
	}

	/** Something changed there: it has to be painted again. */
	soil(box: Box): void {
		const { x, y, width, height } = this.area;
		if (box.x > x + width || box.y > y + height || box.x + box.width < x || box.y + box.height < y) return;
		const cell = (at: number, most: number) =>
			Math.min(Math.max(Math.floor((at * this.scale) / CELL), 0), most - 1);
		const rows = this.height / CELL;
		const [left, right] = [cell(box.x - x, this.#columns), cell(box.x + box.width - x, this.#columns)];
		const bottom = cell(box.y + box.height - y, rows);
		for (let row = cell(box.y - y, rows); row <= bottom; row++)
			for (let column = left; column <= right; column++) this.#missing.add(row * this.#columns + column);
	}

	/** Takes the next cells to paint, a run of neighbours: where they are on the canvas, and how many. */
	take(): { at: Box; part: Box; cells: number } | undefined {
		const first = this.#missing.values().next().value;
		if (first === undefined) return undefined;
		const row = Math.floor(first / this.#columns);
		let [from, to] = [first, first];
		while (from - 1 >= row * this.#columns && this.#missing.has(from - 1)) from--;
		while (to + 1 < (row + 1) * this.#columns && this.#missing.has(to + 1)) to++;
		for (let at = from; at <= to; at++) this.#missing.delete(at);
		const cells = to - from + 1;
		const at = { x: (from % this.#columns) * CELL, y: row * CELL, width: cells * CELL, height: CELL };
		const part = {
			x: this.area.x + at.x / this.scale,
			y: this.area.y + at.y / this.scale,
			width: at.width / this.scale,
			height: at.height / this.scale
		};
		return { at, part, cells };
	}

	holds(part: Box | undefined): boolean {
		return part === undefined || covers(this.area, part);
	}
}

/** What two boxes share. */
export function shared(a: Box, b: Box): Box | undefined {
	const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
	const width = Math.min(a.x + a.width, b.x + b.width) - x;
	const height = Math.min(a.y + a.height, b.y + b.height) - y;
	return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** A box with so much around it. */
export const wider = (box: Box, by: number): Box => ({
	x: box.x - by,
	y: box.y - by,
	width: box.width + 2 * by,
	height: box.height + 2 * by
});
