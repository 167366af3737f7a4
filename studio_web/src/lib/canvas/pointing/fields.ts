import type { FieldSpec, GraphNode } from '../../api/types.ts';
import { behind, into, resolve } from '../../catalog/resolve.ts';
import { likelyFields } from '../likely-fields.ts';
import { shownTake } from '../run-state.ts';
import type { Workbench } from '../workbench.svelte.ts';
import type { Asked } from './places.ts';

/** Which points a card can be given, and the picture that they are placed on. */

export type PointsField = FieldSpec & { points: Asked };

export const asksPoints = (field: FieldSpec): field is PointsField =>
	field.points !== null && field.points !== undefined;

/**
 * The points fields of what makes this card's takes: its pipeline, what made or failed to make the last one where the
 * studio chose, and those that somebody has placed already.
 */
export function pointsFields(bench: Workbench, node: GraphNode): PointsField[] {
	const is = resolve(bench.session.doc, node, bench.catalog);
	const others = bench.catalog.pipelinesFor(is.type?.task ?? '').flatMap((one) => one.fields);
	const found = new Map<string, PointsField>();
	for (const field of [...likelyFields(bench, node), ...others.filter(({ name }) => node.data[name])])
		if (asksPoints(field) && !found.has(field.name)) found.set(field.name, field);
	return [...found.values()];
}

export interface Picture {
	url: string;
	oid: string;
	name: string;
}

/** Points that are placed for a shot which is no card yet: the composer's. */
export interface Loose {
	field: PointsField;
	picture: Picture | undefined;
	value: unknown;
	/** What the shot is called. */
	name: string;
	/** The shot whose takes may tell what was found in the picture. */
	shot: string | undefined;
	keep: (value: string | null) => void;
	generate: () => unknown;
	close: () => void;
}

/** The picture that comes along the wire into an input, as far as it is there. */
export function pictureInto(bench: Workbench, node: GraphNode, input: string): Picture | undefined {
	const { doc, runs } = bench.session;
	const wires = into(doc, node.id).filter((wire) => wire.target_handle === input);
	for (const wire of wires.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
		const card = behind(doc, wire);
		if (!card) continue;
		const asset = runs.assets.get(String(card.data.asset));
		if (asset) return { url: asset.media_url, oid: asset.oid, name: asset.title };
		const take = shownTake(runs.takes.get(card.id), card.data.active_take);
		if (take) return { url: take.media_url, oid: take.oid, name: take.name };
	}
	return undefined;
}
