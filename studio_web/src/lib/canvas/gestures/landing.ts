import type { LooseEnd } from '../../catalog/connect.ts';
import type { Spot } from '../edits.ts';

/** Where a dragged wire was let go, read from the page under the pointer. */

export type Landing = { kind: 'card'; id: string } | { kind: 'board'; screen: Spot } | { kind: 'elsewhere' };

export function landing(event: MouseEvent | TouchEvent): Landing {
	const point = 'changedTouches' in event ? event.changedTouches[0] : event;
	if (!point) return { kind: 'elsewhere' };
	const under = document.elementFromPoint(point.clientX, point.clientY);
	const id = under?.closest('.svelte-flow__node')?.getAttribute('data-id');
	if (id) return { kind: 'card', id };
	if (under?.closest('.svelte-flow__pane'))
		return { kind: 'board', screen: { x: point.clientX, y: point.clientY } };
	return { kind: 'elsewhere' };
}

export function endOf(params: {
	nodeId: string | null;
	handleId: string | null;
	handleType: string | null;
}): LooseEnd | undefined {
	const { nodeId, handleId, handleType } = params;
	if (nodeId === null || handleId === null) return undefined;
	return { node: nodeId, handle: handleId, side: handleType === 'target' ? 'target' : 'source' };
}
