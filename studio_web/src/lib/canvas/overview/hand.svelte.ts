import { habits } from '../../ui/habits.svelte.ts';
import type { Box, Spot } from '../edits.ts';
import { HEADER } from '../geometry.ts';
import { touches } from '../lens.ts';
import { withHeld } from '../near.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { tileAt, type Tile } from './tiles.ts';

/**
 * The pointer in the overview, where cards are a picture: a click chooses, a double click goes near, a drag carries the
 * chosen cards or draws a box around some. Wheel, middle button, Space and fingers stay Svelte Flow's. Made by the
 * overview; the canvas hands it what is pressed.
 */

const STILL = 3;
/** The title of a scene is at least so high on the screen. */
const TITLE = 20;

export class OverviewHand {
	/** The box that is drawn, on the board's screen. */
	band = $state.raw<Box | undefined>();
	/** The cards that hang on the pointer, and how far they were carried, in board pixels. */
	carried = $state.raw<ReadonlySet<string> | undefined>();
	by = $state.raw<Spot>({ x: 0, y: 0 });

	readonly #bench: Workbench;
	readonly #tiles: () => readonly Tile[];
	#space = false;

	constructor(bench: Workbench, tiles: () => readonly Tile[]) {
		this.#bench = bench;
		this.#tiles = tiles;
	}

	key(event: KeyboardEvent): void {
		if (event.key === ' ') this.#space = event.type === 'keydown';
	}

	at(screen: Spot): Tile | undefined {
		const { camera } = this.#bench;
		if (!camera) return undefined;
		const title = Math.max(HEADER, TITLE / camera.zoomNow());
		return tileAt(this.#tiles(), camera.toBoard(screen), title);
	}

	/** True when the press is its business. */
	down(event: PointerEvent, ground: DOMRect): boolean {
		if (event.button !== 0 || event.pointerType === 'touch' || this.#space) return false;
		if (!(event.target as Element).closest('.svelte-flow__pane')) return false;
		const { board, camera } = this.#bench;
		if (!camera) return false;
		const start = { x: event.clientX, y: event.clientY };
		const tile = this.at(start);
		const more = event.shiftKey || event.ctrlKey || event.metaKey;
		if (!tile && habits.drag === 'hand' && !event.shiftKey) return false;
		const before = board.selected;
		const chosen = tile !== undefined && before.includes(tile.id);
		if (tile && !chosen) board.select(more ? [...before, tile.id] : [tile.id]);
		const over = new AbortController();
		const options = { signal: over.signal };
		let moved = false;
		const end = (): void => {
			over.abort();
			this.band = undefined;
			this.carried = undefined;
			this.by = { x: 0, y: 0 };
		};
		const move = (to: PointerEvent): void => {
			const [dx, dy] = [to.clientX - start.x, to.clientY - start.y];
			if (!moved && Math.hypot(dx, dy) < STILL) return;
			moved = true;
			const zoom = camera.zoomNow();
			if (tile) {
				this.carried ??= withHeld(board.nodes, board.selected);
				this.by = { x: dx / zoom, y: dy / zoom };
			} else
				this.band = {
					x: Math.min(start.x, to.clientX) - ground.x,
					y: Math.min(start.y, to.clientY) - ground.y,
					width: Math.abs(dx),
					height: Math.abs(dy)
				};
		};
		const up = (event: PointerEvent): void => {
			const { by, band } = this;
			end();
			if (!moved) {
				if (!tile && !more) board.select([]);
				else if (tile && chosen) board.select(more ? before.filter((id) => id !== tile.id) : [tile.id]);
			} else if (tile) board.shift(board.tops(board.selected), whole(by), false);
			else if (band) {
				const inside = this.#inside(start, event);
				board.select(more ? [...before, ...inside] : inside);
			}
		};
		window.addEventListener('pointermove', move, options);
		window.addEventListener('pointerup', up, options);
		window.addEventListener('pointercancel', end, options);
		window.addEventListener('keydown', (key) => key.key === 'Escape' && end(), options);
		return true;
	}

	/** Goes near what was pressed twice; false on the empty board. */
	doubled(event: MouseEvent): boolean {
		const tile = this.at({ x: event.clientX, y: event.clientY });
		if (tile) this.#bench.show(tile.id);
		return tile !== undefined;
	}

	#inside(a: Spot, up: PointerEvent): string[] {
		const { camera } = this.#bench;
		if (!camera) return [];
		const [from, to] = [camera.toBoard(a), camera.toBoard({ x: up.clientX, y: up.clientY })];
		const box = {
			x: Math.min(from.x, to.x),
			y: Math.min(from.y, to.y),
			width: Math.abs(from.x - to.x),
			height: Math.abs(from.y - to.y)
		};
		return this.#tiles()
			.filter((tile) => tile.kind !== 'scene' && touches(tile.box, box))
			.map((tile) => tile.id);
	}
}

const whole = (by: Spot): Spot => ({ x: Math.round(by.x), y: Math.round(by.y) });
