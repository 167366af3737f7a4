import type { Operation, Side } from '../../api/types.ts';
import { same, wire, type Doc } from '../../project/ops.ts';

/** What the board and somebody outside both changed: which of the three is on the board now, and how another one gets there. Pure. */

export type Three = 'base' | 'mine' | 'theirs';
export const THREE: readonly Three[] = ['base', 'mine', 'theirs'];

const wiresInto = (doc: Doc, side: Side) =>
	[...doc.edges.values()].filter((one) => one.target === side.node_id && one.target_handle === side.name);

function valueOf(doc: Doc, side: Side): unknown {
	if (side.what === 'wires')
		return wiresInto(doc, side)
			.map((one) => `${one.source}.${one.source_handle}`)
			.sort();
	return doc.nodes.get(side.node_id)?.data[side.name] ?? null;
}

const told = (side: Side, of: Three): unknown =>
	side.what === 'wires' ? [...((side[of] ?? []) as string[])].sort() : (side[of] ?? null);

/** Whether it can be decided here: a card that is gone, or is another one on each side, cannot. */
export const isOpen = (doc: Doc, side: Side): boolean => side.what !== 'card' && doc.nodes.has(side.node_id);

/** Which of the three is on the board; none where people have gone on since. What came goes before what was. */
export const onBoard = (doc: Doc, side: Side): Three | undefined =>
	(['theirs', 'mine', 'base'] as const).find((of) => same(valueOf(doc, side), told(side, of)));

/** What makes the board as one of the three has it. */
export function ops(doc: Doc, side: Side, of: Three): Operation[] {
	if (!isOpen(doc, side) || onBoard(doc, side) === of) return [];
	if (side.what === 'field')
		return [{ op: 'node.set', id: side.node_id, name: side.name, value: side[of] ?? null }];
	const wanted = (told(side, of) as string[])
		.map((from) => ({
			source: from.slice(0, from.lastIndexOf('.')),
			handle: from.slice(from.lastIndexOf('.') + 1)
		}))
		.filter((from) => doc.nodes.has(from.source));
	return [
		...wiresInto(doc, side).map((one): Operation => ({ op: 'edge.remove', id: one.id })),
		...wanted.map((from): Operation => ({
			op: 'edge.add',
			edge: wire(from.source, from.handle, side.node_id, side.name)
		}))
	];
}
