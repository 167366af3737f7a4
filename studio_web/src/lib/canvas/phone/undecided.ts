import type { GraphNode, Take } from '../../api/types.ts';
import type { Doc } from '../../project/ops.ts';
import { isKeeper, turnedDown } from '../../takes/marks.ts';
import { byNumber } from '../scenes/order.ts';

/** The takes that somebody has to look at, in the order of the film. Pure. */

export interface Shown {
	node: GraphNode;
	take: Take;
}

interface Takes {
	get: (id: string) => readonly Take[] | undefined;
}

/** All takes, card by card as the film tells them, the newest of each first. */
export function allTakes(doc: Doc, takes: Takes): Shown[] {
	return [...doc.nodes.keys()]
		.filter((id) => takes.get(id)?.length)
		.sort((a, b) => byNumber(doc, a, b))
		.flatMap((id) => {
			const node = doc.nodes.get(id);
			return node ? [...(takes.get(id) ?? [])].reverse().map((take) => ({ node, take })) : [];
		});
}

export const isDecided = ({ node, take }: Shown): boolean =>
	isKeeper(node.data, take.name) || turnedDown(node.data, take.name) !== undefined;

/** The take after or before one, going around; the first one when it is not among them. */
export function beside(list: readonly Shown[], now: string | undefined, by: -1 | 1): Shown | undefined {
	const at = list.findIndex((one) => one.take.name === now);
	return at < 0 ? list[0] : list[(at + by + list.length) % list.length];
}
