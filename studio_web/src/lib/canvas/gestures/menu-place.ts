import type { Place } from '../../commands/command.ts';
import type { Spot } from '../edits.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** On what a context menu was asked for, read from the page, and selecting that so that commands act on it. */

/** Text fields keep the browser's own menu, for spelling and for pasting words. */
export const hasOwnMenu = (target: Element): boolean =>
	target.closest('input, textarea, select, [contenteditable=true], video') !== null;

export function placeAt(target: Element, screen: Spot, bench: Workbench): Place {
	const socket = target.closest('.svelte-flow__handle');
	const node = socket?.getAttribute('data-nodeid');
	const handle = socket?.getAttribute('data-handleid');
	if (socket && node && handle) {
		const side = socket.classList.contains('target') ? 'target' : 'source';
		return { kind: 'socket', node, handle, side, screen };
	}
	const edge = bench.wiring.hover?.id;
	if (edge) return { kind: 'wire', id: edge, screen };
	const card =
		target.closest('.svelte-flow__node')?.getAttribute('data-id') ?? bench.overview?.at(screen)?.id;
	return card ? cardPlace(card, screen, bench) : { kind: 'board', screen };
}

export function cardPlace(id: string, screen: Spot, bench: Workbench): Place {
	const surface = bench.catalog.type(bench.node(id)?.type ?? '')?.surface;
	return { kind: surface === 'scene' ? 'scene' : 'card', id, screen };
}

/** What a menu is about gets selected, unless it already is among the selection. */
export function selectPlace(place: Place, bench: Workbench): void {
	const { board } = bench;
	if (place.kind === 'card' || place.kind === 'scene') {
		if (!board.selected.includes(place.id)) board.select([place.id]);
	} else if (place.kind === 'wire') {
		board.select([]);
		board.selectWires([place.id]);
	}
}
