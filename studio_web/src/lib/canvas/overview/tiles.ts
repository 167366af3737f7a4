import type { Asset, Take, Task } from '../../api/types.ts';
import type { Card } from '../deck.ts';
import type { Box, Spot } from '../edits.ts';
import { HEADER } from '../geometry.ts';
import { holds } from '../lens.ts';
import { shownTake } from '../run-state.ts';

/** What the overview and the minimap show of each card. Pure: from cards and what machines did, to plain tiles. */

export type Mark = 'running' | 'waiting' | 'failed';

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
}

const marks: Partial<Record<Task['state'], Mark>> = {
	running: 'running',
	waiting: 'waiting',
	queued: 'waiting',
	failed: 'failed'
};

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : undefined;

export function tilesOf(
	cards: readonly Card[],
	boxOf: (id: string) => Box | undefined,
	{ tasks, takes, assets }: Made
): Tile[] {
	const doing = new Map<string, Mark>();
	for (const [id, task] of tasks) {
		const mark = marks[task.state];
		if (mark) doing.set(id, mark);
	}
	const silent = new Set<string>();
	return cards.flatMap((card): Tile[] => {
		const box = card.hidden ? undefined : boxOf(card.id);
		if (!box) return [];
		const { node, layout, resolved } = card.data;
		const { data } = node;
		const muted =
			data.muted === true ||
			data.bypassed === true ||
			(card.parentId !== undefined && silent.has(card.parentId));
		if (muted) silent.add(card.id);
		const take = layout.picture ? shownTake(takes.get(card.id), data.active_take) : undefined;
		const picture = take?.thumbnail_url ?? assets.get(text(data.asset) ?? '')?.thumbnail_url;
		const mark = doing.get(card.id);
		const colour = text(data.colour);
		return [
			{
				id: card.id,
				box,
				kind: resolved.type?.surface ?? 'unknown',
				name: text(data.code) ?? text(data.title) ?? text(data.name) ?? resolved.type?.title ?? node.type,
				pictureTop: HEADER,
				pictureHeight: layout.picture,
				...(layout.picture && picture ? { picture } : {}),
				...(mark ? { mark } : {}),
				...(colour ? { colour } : {}),
				muted,
				selected: card.selected ?? false
			}
		];
	});
}

/** The tile under a spot, the uppermost first. Of a scene only its title takes the pointer, `title` board pixels high. */
export function tileAt(tiles: readonly Tile[], at: Spot, title: number): Tile | undefined {
	const hit = (tile: Tile): boolean =>
		holds(tile.kind === 'scene' ? { ...tile.box, height: title } : tile.box, at);
	return tiles.findLast((tile) => tile.kind !== 'scene' && hit(tile)) ?? tiles.findLast(hit);
}
