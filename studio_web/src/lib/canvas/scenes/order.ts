import type { GraphEdge, Operation } from '../../api/types.ts';
import { behind, into } from '../../catalog/resolve.ts';
import type { Doc } from '../../project/ops.ts';
import { cutList } from '../cut-order.ts';
import { contents } from './tree.ts';

/** The order in which a scene or a cut tells its shots, and how it is changed. Pure. */

export interface StoryRow {
	node: string;
	/** The wire that puts it into the cut; none for a shot that no assembler takes. */
	edge: string | undefined;
}

export interface Story {
	/** The assembler whose order is written. */
	assembler: string | undefined;
	rows: StoryRow[];
}

/** What a wire brings, bends passed over. */
const shotOf = (doc: Doc, edge: GraphEdge) => behind(doc, edge)?.id ?? edge.source;

const isAssembler = (doc: Doc, id: string) => doc.nodes.get(id)?.type === 'assembler';

/** Scene and code, as cards without an order of their own are told. */
export function byNumber(doc: Doc, a: string, b: string): number {
	const name = (id: string) => {
		const { scene, code } = doc.nodes.get(id)?.data ?? {};
		return `${String(scene ?? '~')} ${String(code ?? '~')} ${id}`;
	};
	return name(a).localeCompare(name(b), 'en', { numeric: true });
}

/** The assembler that takes most of these cards. */
function assemblerOf(doc: Doc, cards: ReadonlySet<string>): string | undefined {
	const counts = new Map<string, number>();
	for (const edge of doc.edges.values())
		if (edge.target_handle === 'clips' && cards.has(shotOf(doc, edge)) && isAssembler(doc, edge.target))
			counts.set(edge.target, (counts.get(edge.target) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** A scene's shots, or an assembler's cut, in story order. */
export function storyOf(doc: Doc, id: string): Story {
	const node = doc.nodes.get(id);
	if (node && isAssembler(doc, id))
		return {
			assembler: id,
			rows: cutList(doc, node).map((edge) => ({ node: shotOf(doc, edge), edge: edge.id }))
		};
	const cards = new Set(contents(doc, id));
	const assembler = assemblerOf(doc, cards);
	const cut: GraphEdge[] = assembler ? cutList(doc, doc.nodes.get(assembler)!) : [];
	const rows: StoryRow[] = cut
		.map((edge) => ({ node: shotOf(doc, edge), edge: edge.id }))
		.filter((row) => cards.has(row.node));
	const told = new Set(rows.map((row) => row.node));
	const rest = [...cards]
		.filter((one) => doc.nodes.get(one)?.type === 'shot' && !told.has(one) && !handedOn(doc, one, told))
		.sort((a, b) => byNumber(doc, a, b));
	return { assembler, rows: [...rows, ...rest.map((one) => ({ node: one, edge: undefined }))] };
}

/** Whether a shot is in the cut by way of a card that works on it, such as one that makes it larger. */
function handedOn(doc: Doc, shot: string, told: ReadonlySet<string>): boolean {
	return [...told].some((id) => into(doc, id).some((edge) => edge.source === shot));
}

/**
 * Moves one row of a story to another place. The whole order of the cut is written; shots of other scenes that lie
 * between keep their neighbours.
 */
export function reorder(doc: Doc, story: Story, from: number, to: number): Operation[] {
	const moving = story.rows[from]?.edge;
	const rows = story.rows.filter((row) => row.edge !== undefined);
	const goal = story.rows[to]?.edge;
	const assembler = story.assembler ? doc.nodes.get(story.assembler) : undefined;
	if (!assembler || moving === undefined || goal === undefined || moving === goal || rows.length < 2)
		return [];
	const order = cutList(doc, assembler).map((edge) => edge.id);
	const rest = order.filter((id) => id !== moving);
	const at = rest.indexOf(goal) + (to > from ? 1 : 0);
	rest.splice(at, 0, moving);
	return [{ op: 'node.set', id: assembler.id, name: 'order', value: rest }];
}

/** Cards in the order in which they can be made: what feeds another comes before it, else as the story goes. */
export function makingOrder(doc: Doc, ids: Iterable<string>): string[] {
	const chosen = new Set(ids);
	const done: string[] = [];
	const seen = new Set<string>();
	const visit = (id: string) => {
		if (seen.has(id)) return;
		seen.add(id);
		for (const edge of into(doc, id)) visit(edge.source);
		if (chosen.has(id)) done.push(id);
	};
	for (const id of [...chosen].sort((a, b) => byNumber(doc, a, b))) visit(id);
	return done;
}
