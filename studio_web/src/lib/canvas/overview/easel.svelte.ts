import type { Box } from '../edits.ts';
import { grown, sightOf } from '../lens.ts';
import type { Size, Viewport } from '../placing.ts';
import { Sheet, shared } from './sheet.ts';

/**
 * Paints the picture of the overview on two canvases in turn, so much in a frame that none is late.
 *
 * A picture of the same zoom is carried over and only what it lacks is painted; one of another zoom is painted behind the one
 * that is shown and takes its place when it is whole. Made by the overview, which says how a part of the board is painted.
 */

/** The picture is so much larger than the screen, in screens, as far as there is anything. */
const AROUND = 0.35;
/** Between these the painted picture is only scaled until the zoom rests. */
const [SMALL, LARGE] = [0.66, 1.5];
/** So many cards and wires are painted in a frame. */
const MOST = 3000;

/** Paints a part of the board; the answer is how much there was to paint. */
export type Brush = (context: CanvasRenderingContext2D, part: Box, zoom: number) => number;

export class Easel {
	/** The picture that is shown, and on which of the two canvases it is. */
	front = $state.raw<Sheet | undefined>();
	up = $state(0);
	/** How many cells were painted since the start; tests hold it low. */
	cells = $state(0);
	canvases = $state.raw<(HTMLCanvasElement | undefined)[]>([]);
	#next: Sheet | undefined;
	#brush: Brush;

	constructor(brush: Brush) {
		this.#brush = brush;
	}

	/** Whether the zoom of what is shown is another than the viewer's. */
	scaled(view: Viewport): boolean {
		return this.front?.zoom !== view.zoom;
	}

	/** Whether the viewer sees more than what is painted, or sees it too coarse. `world` is where anything lies. */
	lacks(view: Viewport, screen: Size, world: Box): boolean {
		const { front } = this;
		if (!front) return true;
		const scale = view.zoom / front.zoom;
		return scale < SMALL || scale > LARGE || !front.holds(shared(sightOf(view, screen), world));
	}

	soil(box: Box): void {
		this.front?.soil(box);
		this.#next?.soil(box);
	}

	/** Paints what fits into a frame; true when there is more to paint. `anew` begins another picture in any case. */
	paint(view: Viewport, screen: Size, world: Box, anew: boolean): boolean {
		const sight = sightOf(view, screen);
		if (!this.#next && (anew || this.lacks(view, screen, world))) {
			const part = shared(grown(sight, AROUND), world) ?? { ...sight, width: 1, height: 1 };
			const sheet = new Sheet(part, view.zoom, devicePixelRatio || 1);
			if (!anew && this.front?.scale === sheet.scale) this.#carry(this.front, sheet);
			else this.#begin(sheet);
		}
		const sheet = this.#next ?? this.front;
		if (sheet) this.#some(sheet);
		if (this.#next && !this.#next.missing) this.#turn(this.#next);
		return this.#next !== undefined || (this.front?.missing ?? 0) > 0;
	}

	#begin(sheet: Sheet): void {
		this.#next = sheet;
		this.#stretch(this.up, sheet);
		// There is nothing to look at until then.
		if (!this.front) this.#turn(sheet);
	}

	/** A picture of another part of the board begins with all that this one has of it. */
	#carry(had: Sheet, sheet: Sheet): void {
		const old = this.canvases[this.up];
		const at = sheet.inherit(had);
		const context = this.#stretch(this.up, sheet);
		if (old?.width) context?.drawImage(old, at.x, at.y);
		this.#turn(sheet);
	}

	#turn(sheet: Sheet): void {
		const old = this.canvases[this.up];
		[this.front, this.#next, this.up] = [sheet, undefined, 1 - this.up];
		// What nobody looks at needs no memory.
		if (old) old.width = old.height = 0;
	}

	/** Makes the canvas that is not shown as large as a sheet, and empty. */
	#stretch(up: number, sheet: Sheet): CanvasRenderingContext2D | null {
		const canvas = this.canvases[1 - up];
		if (canvas) [canvas.width, canvas.height] = [sheet.width, sheet.height];
		return canvas?.getContext('2d') ?? null;
	}

	#some(sheet: Sheet): void {
		const context = this.canvases[sheet === this.front ? this.up : 1 - this.up]?.getContext('2d');
		if (!context) return;
		for (let painted = 0; painted < MOST;) {
			const found = sheet.take();
			if (!found) return;
			this.cells += found.cells;
			const { x, y, width, height } = found.at;
			context.save();
			context.setTransform(1, 0, 0, 1, 0, 0);
			context.clearRect(x, y, width, height);
			context.beginPath();
			context.rect(x, y, width, height);
			context.clip();
			const { scale, area } = sheet;
			context.setTransform(scale, 0, 0, scale, -area.x * scale, -area.y * scale);
			painted += this.#brush(context, found.part, sheet.zoom);
			context.restore();
		}
	}
}
