import type { Viewport } from '../placing.ts';

/**
 * While the view is moved and not zoomed, all that lies on the board is one layer (`canvas.css`, `data-panning`): a
 * frame then moves it instead of painting it again. Not longer than that: a layer that is kept is blurred by a zoom.
 */
export function panning() {
	let zoom: number | undefined;
	return {
		begin(view: Viewport): void {
			zoom = view.zoom;
		},
		moved(board: HTMLElement, event: MouseEvent | TouchEvent | null, view: Viewport): void {
			if (event === null) return;
			const by = view.zoom !== zoom ? undefined : event.type === 'mousemove' ? 'hand' : 'wheel';
			zoom = view.zoom;
			if (by === board.dataset.panning) return;
			if (by) board.dataset.panning = by;
			else delete board.dataset.panning;
		},
		end(board: HTMLElement): void {
			delete board.dataset.panning;
			zoom = undefined;
		}
	};
}
