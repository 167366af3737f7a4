import type { LooseEnd } from '../../catalog/connect.ts';
import type { Spot } from '../edits.ts';

/** Where a dragged wire was let go, read from the page under the pointer. */

export interface CardLanding {
	kind: 'card';
	id: string;
	/** On the row that stands for its folded inputs. */
	onMore: boolean;
	screen: Spot;
}

export type Landing = CardLanding | { kind: 'board'; screen: Spot } | { kind: 'elsewhere' };

export function landing(event: MouseEvent | TouchEvent): Landing {
	const point = 'changedTouches' in event ? event.changedTouches[0] : event;
	if (!point) return { kind: 'elsewhere' };
	const under = document.elementFromPoint(point.clientX, point.clientY);
	const screen = { x: point.clientX, y: point.clientY };
	const id = under?.closest('.svelte-flow__node')?.getAttribute('data-id');
	if (id) return { kind: 'card', id, onMore: !!under?.closest('[data-more]'), screen };
	if (under?.closest('.svelte-flow__pane')) return { kind: 'board', screen };
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
