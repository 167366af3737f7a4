import type { Place } from '../../commands/command.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { cardPlace } from './menu-place.ts';

/** The menu asked for by keyboard: on the selection, beside it; else on the board, in its middle. */
export function keyboardPlace(bench: Workbench): Place | undefined {
	const { board, camera } = bench;
	if (!camera) return undefined;
	const id = board.selected[0];
	const box = id && document.querySelector(`.svelte-flow__node[data-id="${id}"]`)?.getBoundingClientRect();
	if (id && box) return cardPlace(id, { x: box.x + Math.min(box.width / 2, 120), y: box.y + 40 }, bench);
	// From afar the card is a part of the picture.
	const lies = id === undefined ? undefined : board.box(id);
	if (id !== undefined && lies) return cardPlace(id, camera.toScreen(lies), bench);
	return { kind: 'board', screen: camera.toScreen(camera.middle()) };
}
