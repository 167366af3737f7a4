import type { GraphNode, Operation } from '../../api/types.ts';
import { difference, nodesOf, type Doc } from '../../project/ops.ts';

/** How a version differs from the board now: for words, for colours, and for going back to it. Pure. */

export type Mark = 'same' | 'changed' | 'back' | 'gone';

export interface Contrast {
	/** What makes the board now into the version. */
	readonly operations: readonly Operation[];
	readonly marks: ReadonlyMap<string, Mark>;
	readonly wires: number;
}

export function contrast(now: Doc, then: Doc): Contrast {
	const operations = difference(now, then);
	const marks = new Map<string, Mark>();
	for (const id of then.nodes.keys()) marks.set(id, now.nodes.has(id) ? 'same' : 'back');
	for (const id of now.nodes.keys()) if (!then.nodes.has(id)) marks.set(id, 'gone');
	let wires = 0;
	for (const one of operations) {
		const [id = ''] = nodesOf(one);
		if (one.op === 'edge.add' || one.op === 'edge.remove') wires++;
		else if (marks.get(id) === 'same') marks.set(id, 'changed');
	}
	return { operations, marks, wires };
}

export function counts(marks: Contrast['marks']): Record<Mark, number> {
	const found = { same: 0, changed: 0, back: 0, gone: 0 };
	for (const mark of marks.values()) found[mark]++;
	return found;
}

/** The names of the fields in which two cards differ; `place` where they lie elsewhere. */
export function fieldsApart(now: GraphNode, then: GraphNode, place: string): string[] {
	const apart = difference(
		{ nodes: new Map([[now.id, now]]), edges: new Map() },
		{ nodes: new Map([[then.id, then]]), edges: new Map() }
	);
	return apart.map((one) => (one.op === 'node.set' ? one.name : place));
}
