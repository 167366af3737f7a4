import type { Take } from '../../api/types.ts';
import { into, type Resolved } from '../../catalog/resolve.ts';
import type { Doc } from '../../project/ops.ts';
import { asRead } from '../finding/matches.ts';
import { parentOf } from '../../project/nesting.ts';

/**
 * The board as a tree, laid out as the lines that are seen: scenes, the cards in them, and in each card its inputs and
 * its takes. Pure; the outline draws a window of it.
 */

export type Row = {
	/** Told apart from all others; what is expanded is remembered under it. */
	key: string;
	level: number;
	/** Its place among its siblings, from 1, and how many there are. */
	at: number;
	of: number;
	/** Undefined for a line that holds nothing. */
	open: boolean | undefined;
	parent: string | undefined;
	/** The card it belongs to. */
	node: string;
} & (
	| { kind: 'scene' | 'card' }
	| { kind: 'input'; label: string; sources: readonly string[]; socket: string; needed: boolean }
	| { kind: 'take'; take: Take }
);

export interface Told {
	doc: Doc;
	takes: { get: (id: string) => readonly Take[] | undefined };
	resolved: (id: string) => Resolved | undefined;
	open: (key: string, kind: 'scene' | 'card') => boolean;
	/** Only these cards, and the scenes that lead to them; undefined for all. */
	only?: ReadonlySet<string> | undefined;
}

/** The cards that lie in a scene, or with `null` on the board itself, as they are read there. */
function held(doc: Doc): Map<string | null, string[]> {
	const lists = new Map<string | null, { id: string; x: number; y: number }[]>();
	for (const node of doc.nodes.values()) {
		const parent = parentOf(doc, node)?.id ?? null;
		const spot = { id: node.id, x: node.x, y: node.y };
		const list = lists.get(parent);
		if (list) list.push(spot);
		else lists.set(parent, [spot]);
	}
	return new Map([...lists].map(([parent, spots]) => [parent, asRead(spots).map((spot) => spot.id)]));
}

export function rowsOf(told: Told): Row[] {
	const { doc, only } = told;
	const children = held(doc);
	const rows: Row[] = [];
	const wanted = (id: string): boolean =>
		!only || only.has(id) || (children.get(id) ?? []).some((child) => wanted(child));

	const add = (ids: readonly string[], level: number, parent: string | undefined): void => {
		const shown = ids.filter(wanted);
		shown.forEach((id, index) => {
			const place = { level, at: index + 1, of: shown.length, parent, node: id };
			const inside = children.get(id) ?? [];
			if (doc.nodes.get(id)?.type === 'scene') {
				const open = only !== undefined || told.open(id, 'scene');
				rows.push({ ...place, key: id, kind: 'scene', open: inside.length ? open : undefined });
				if (open) add(inside, level + 1, id);
			} else card(id, place);
		});
	};

	const card = (id: string, place: Omit<Row & { kind: 'card' }, 'key' | 'kind' | 'open'>): void => {
		const inputs = told.resolved(id)?.inputs ?? [];
		const takes = told.takes.get(id) ?? [];
		const count = inputs.length + takes.length;
		const open = count > 0 ? told.open(id, 'card') : undefined;
		rows.push({ ...place, key: id, kind: 'card', open });
		if (!open) return;
		const part = (at: number) => ({
			level: place.level + 1,
			at,
			of: count,
			open: undefined,
			parent: id,
			node: id
		});
		const wires = into(doc, id);
		inputs.forEach((spec, index) => {
			const sources = wires.filter((edge) => edge.target_handle === spec.name).map((edge) => edge.source);
			rows.push({
				...part(index + 1),
				key: `${id} in ${spec.name}`,
				kind: 'input',
				label: spec.label,
				socket: spec.name,
				needed: spec.required,
				sources
			});
		});
		[...takes].reverse().forEach((take, index) => {
			rows.push({ ...part(inputs.length + index + 1), key: `${id} take ${take.name}`, kind: 'take', take });
		});
	};

	add(children.get(null) ?? [], 1, undefined);
	return rows;
}

/** The next row, after this one and around, whose name begins with what was typed. */
export function typedTo(names: readonly string[], from: number, typed: string): number | undefined {
	const letters = typed.toLowerCase();
	// The same letter again and again goes on to the next; a word may stay where it is.
	const same = new Set(letters).size === 1;
	const wanted = same ? letters.charAt(0) : letters;
	const start = same ? from + 1 : from;
	for (let step = 0; step < names.length; step++) {
		const at = (start + step) % names.length;
		if (names[at]?.toLowerCase().startsWith(wanted)) return at;
	}
	return undefined;
}
