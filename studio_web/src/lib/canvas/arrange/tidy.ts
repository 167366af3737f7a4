import type { Operation } from '../../api/types.ts';
import { apply, type Doc } from '../../project/ops.ts';
import type { Box } from '../edits.ts';
import { PAD, TITLE, LEAST } from '../scenes/grouping.ts';
import { byNumber } from '../scenes/order.ts';
import { above, around, children, isScene, outermost, type Size, type Sizes } from '../scenes/tree.ts';
import { isPinned } from './align.ts';
import type { Layer, Spots } from './layers.ts';

/**
 * Laying out a board: each scene by itself, the innermost first, then what holds them. Pure but for `lay`, which
 * places the cards of one level (in a worker, see tidier.ts).
 *
 * Pinned cards stay where they are, and so does everything that was not asked for. The corner of what is laid out stays
 * too, so that the view need not move.
 */

export type Lay = (layer: Layer) => Promise<Spots>;

/** The level a card lies on: the scene around it, or the board. */
const levelOf = (doc: Doc, id: string) => doc.nodes.get(id)?.parent ?? null;

/** What is laid out together: every level that has cards to move, the deepest first. */
export function levels(doc: Doc, ids: Iterable<string>): Map<string | null, string[]> {
	const wanted = new Set<string>();
	const add = (id: string) => {
		wanted.add(id);
		for (const child of children(doc, id)) if (!wanted.has(child)) add(child);
	};
	// A single scene that is asked for is tidied inside; it has nothing to line up with.
	for (const id of outermost(doc, ids)) add(id);
	const found = new Map<string | null, string[]>();
	for (const id of wanted) {
		if (isPinned(doc, id)) continue;
		const level = levelOf(doc, id);
		found.set(level, [...(found.get(level) ?? []), id]);
	}
	const depth = (level: string | null) => (level === null ? -1 : above(doc, level).length);
	return new Map([...found].sort(([a], [b]) => depth(b) - depth(a)));
}

/** Wires between the cards of a level; one that ends deeper counts for the scene of this level that holds its end. */
function wiresOf(doc: Doc, cards: readonly string[]): [string, string][] {
	const here = new Set(cards);
	const standIn = (id: string) => [id, ...above(doc, id)].find((one) => here.has(one));
	const seen = new Set<string>();
	return [...doc.edges.values()].flatMap((edge): [string, string][] => {
		const from = standIn(edge.source);
		const to = standIn(edge.target);
		if (!from || !to || from === to || seen.has(`${from} ${to}`) || seen.has(`${to} ${from}`)) return [];
		seen.add(`${from} ${to}`);
		return [[from, to]];
	});
}

/** Pushes a whole layout down until it covers none of the cards that stay. */
function clear(box: Box, spots: Spots, sizes: Sizes, staying: readonly Box[]): number {
	const GAP = 24;
	let down = 0;
	for (;;) {
		const hit = staying.find((still) =>
			Object.entries(spots).some(([id, spot]) => {
				const size = sizes(id);
				const [x, y] = [box.x + spot.x, box.y + spot.y + down];
				return (
					x < still.x + still.width + GAP &&
					still.x < x + size.width + GAP &&
					y < still.y + still.height + GAP &&
					still.y < y + size.height + GAP
				);
			})
		);
		if (!hit) return down;
		down = Math.max(down + 1, hit.y + hit.height + GAP - box.y);
	}
}

/** The operations of one tidying: moves, and frames made to fit what they hold. */
export async function tidy(doc: Doc, ids: Iterable<string>, sizes: Sizes, lay: Lay): Promise<Operation[]> {
	const operations: Operation[] = [];
	const frames = new Map<string, Size>();
	const size: Sizes = (id) => frames.get(id) ?? sizes(id);
	let now = doc;
	const add = (operation: Operation) => {
		operations.push(operation);
		now = apply(now, [operation]);
	};
	for (const [level, cards] of levels(doc, ids)) {
		const sorted = [...cards].sort((a, b) => byNumber(doc, a, b));
		if (sorted.length > 1) {
			const spots = await lay({
				cards: sorted.map((id) => ({ id, ...size(id) })),
				wires: wiresOf(doc, sorted)
			});
			const boxAt = (id: string): Box => ({
				x: now.nodes.get(id)?.x ?? 0,
				y: now.nodes.get(id)?.y ?? 0,
				...size(id)
			});
			const corner =
				level === null
					? around(sorted.map(boxAt))
					: { ...around(sorted.map(boxAt)), x: PAD, y: TITLE + PAD / 2 };
			const asked = new Set(sorted);
			const near =
				level === null
					? [...now.nodes.values()].filter((node) => !node.parent).map((node) => node.id)
					: children(now, level);
			const staying = near.filter((id) => !asked.has(id)).map(boxAt);
			const down = clear(corner, spots, size, staying);
			for (const id of sorted) {
				const spot = spots[id];
				const node = now.nodes.get(id);
				if (!spot || !node) continue;
				const [x, y] = [Math.round(corner.x + spot.x), Math.round(corner.y + spot.y + down)];
				if (x !== node.x || y !== node.y) add({ op: 'node.move', id, x, y });
			}
		}
		if (level !== null && isScene(doc.nodes.get(level)) && !isPinned(doc, level)) {
			const held = children(now, level).map((id): Box => ({
				x: now.nodes.get(id)?.x ?? 0,
				y: now.nodes.get(id)?.y ?? 0,
				...size(id)
			}));
			const need = around(held);
			const fitted = {
				width: Math.round(Math.max(LEAST.width, need.x + need.width + PAD)),
				height: Math.round(Math.max(LEAST.height, need.y + need.height + PAD))
			};
			frames.set(level, fitted);
			for (const name of ['width', 'height'] as const)
				if (now.nodes.get(level)?.data[name] !== fitted[name])
					add({ op: 'node.set', id: level, name, value: fitted[name] });
		}
	}
	return operations;
}
