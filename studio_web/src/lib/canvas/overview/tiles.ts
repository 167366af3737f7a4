import type { Asset, CardState, Take, Task } from '../../api/types.ts';
import type { Card } from '../deck.ts';
import type { Box, Spot } from '../edits.ts';
import { HEADER } from '../geometry.ts';
import { holds } from '../lens.ts';
import { shownTake } from '../run-state.ts';

/** What the overview and the minimap show of each card. Pure: from cards and what machines did, to plain tiles. */

/** What a tile was made from, so that it is made anew only when that is another. */
interface Cut {
	card: Card;
	x: number;
	y: number;
	muted: boolean;
	mark: Mark | undefined;
	takes: readonly Take[] | undefined;
	asset: Asset | undefined;
	tile: Tile;
}

export type Mark = 'running' | 'waiting' | 'failed' | 'stale' | 'locked' | 'missing';

export interface Tile {
	id: string;
	box: Box;
	kind: string;
	/** Written large: a shot's number, else a name. */
	name: string;
	/** The address of its picture, and where that lies on the card. */
	picture?: string;
	pictureTop: number;
	pictureHeight: number;
	mark?: Mark;
	muted: boolean;
	selected: boolean;
	colour?: string;
}

export interface Made {
	tasks: Iterable<readonly [string, Task]>;
	takes: ReadonlyMap<string, readonly Take[]>;
	assets: ReadonlyMap<string, Asset>;
	standing: ReadonlyMap<string, CardState>;
}

/** What is said of a card's take from afar; what is being done about it goes before. */
const said: Partial<Record<string, Mark>> = { stale: 'stale', locked: 'locked', missing: 'missing' };

/** That there is no take is seen without asking, so that a new board is painted once. */
const lacks = ({ data }: Card, takes: readonly Take[] | undefined): boolean =>
	Boolean(data.resolved.type?.task) && takes?.length === 0;

const marks: Partial<Record<Task['state'], Mark>> = {
	running: 'running',
	waiting: 'waiting',
	queued: 'waiting',
	failed: 'failed'
};

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : undefined;

export function tilesOf(cards: readonly Card[], boxOf: (id: string) => Box | undefined, made: Made): Tile[] {
	return new Tiles().of(cards, boxOf, made);
}

/** The tiles of a board as it goes on: untouched ones keep their object. */
export class Tiles {
	/** Where the board looks otherwise than the last time. */
	changed: Box[] = [];
	#cut = new Map<string, Cut>();

	of(cards: readonly Card[], boxOf: (id: string) => Box | undefined, made: Made): Tile[] {
		const doing = new Map<string, Mark>();
		for (const [id, task] of made.tasks) {
			const mark = marks[task.state];
			if (mark) doing.set(id, mark);
		}
		const silent = new Set<string>();
		const before = this.#cut;
		this.#cut = new Map();
		this.changed = [];
		const tiles: Tile[] = [];
		for (const card of cards) {
			const box = card.hidden ? undefined : boxOf(card.id);
			if (!box) continue;
			const { data } = card.data.node;
			const muted =
				data.muted === true ||
				data.bypassed === true ||
				(card.parentId !== undefined && silent.has(card.parentId));
			if (muted) silent.add(card.id);
			const takes = made.takes.get(card.id);
			const mark =
				doing.get(card.id) ??
				said[made.standing.get(card.id)?.state ?? ''] ??
				(!muted && lacks(card, takes) ? 'missing' : undefined);
			const asset = made.assets.get(text(data.asset) ?? '');
			const had = before.get(card.id);
			before.delete(card.id);
			const same =
				had?.card === card &&
				had.x === box.x &&
				had.y === box.y &&
				had.muted === muted &&
				had.mark === mark &&
				had.takes === takes &&
				had.asset === asset;
			const tile = same ? had.tile : tileOf(card, box, muted, mark, takes, asset);
			tiles.push(tile);
			if (!same) this.changed.push(...(had ? [had.tile.box, tile.box] : [tile.box]));
			this.#cut.set(card.id, same ? had : { card, x: box.x, y: box.y, muted, mark, takes, asset, tile });
		}
		for (const { tile } of before.values()) this.changed.push(tile.box);
		return tiles;
	}
}

function tileOf(
	card: Card,
	box: Box,
	muted: boolean,
	mark: Mark | undefined,
	takes: readonly Take[] | undefined,
	asset: Asset | undefined
): Tile {
	const { node, layout, resolved } = card.data;
	const { data } = node;
	const take = layout.picture ? shownTake(takes, data.active_take) : undefined;
	const picture = take?.thumbnail_url ?? asset?.thumbnail_url;
	const colour = text(data.colour);
	return {
		id: card.id,
		box,
		kind: resolved.type?.surface ?? 'unknown',
		name:
			text(data.code) ??
			text(data.title) ??
			text(data.name) ??
			asset?.title ??
			resolved.type?.title ??
			node.type,
		pictureTop: HEADER,
		pictureHeight: layout.picture,
		...(layout.picture && picture ? { picture } : {}),
		...(mark ? { mark } : {}),
		...(colour ? { colour } : {}),
		muted,
		selected: card.selected ?? false
	};
}

/** The tile under a spot, the uppermost first. Of a scene only its title takes the pointer, `title` board pixels high. */
export function tileAt(tiles: readonly Tile[], at: Spot, title: number): Tile | undefined {
	const hit = (tile: Tile): boolean =>
		holds(tile.kind === 'scene' ? { ...tile.box, height: title } : tile.box, at);
	return tiles.findLast((tile) => tile.kind !== 'scene' && hit(tile)) ?? tiles.findLast(hit);
}
