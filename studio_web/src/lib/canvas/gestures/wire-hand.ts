import { boxOf, distanceTo } from '../edges/curve.ts';
import type { Box, Spot } from '../edits.ts';
import { holds } from '../lens.ts';
import { asked } from '../../feedback/late.ts';
import type { Workbench } from '../workbench.svelte.ts';

/**
 * Which wire the pointer means: on the empty board, and where a wire runs over or under a part of a card that has
 * nothing of its own to press. Hovering lights it, a click chooses it, Alt+click cuts it, a
 * double click puts a bend into it. Made by the canvas.
 */

/** How near the pointer must be, in screen pixels. */
const REACH = 8;
const OVER_CARD = 5;
/** What is pressed for itself: a wire that runs below it must not take the press. */
export const OWN =
	'button, input, textarea, select, a, label, summary, video, [role="slider"], .socket, .nodrag';

export class WireHand {
	readonly #bench: Workbench;
	#down: Spot | undefined;

	constructor(bench: Workbench) {
		this.#bench = bench;
	}

	moved(event: PointerEvent): void {
		const { wiring } = this.#bench;
		if (event.buttons || wiring.end || event.pointerType === 'touch') return;
		const target = event.target as Element;
		if (target.hasAttribute('data-grip')) return;
		const found = this.#under(event, target);
		if (found?.id !== wiring.hover?.id) wiring.hover = found;
	}

	left(): void {
		this.#bench.wiring.hover = undefined;
	}

	down(event: PointerEvent): void {
		this.#down = { x: event.clientX, y: event.clientY };
	}

	/** True when the click was for a wire. */
	clicked(event: MouseEvent): boolean {
		const { board, wiring } = this.#bench;
		const down = this.#down;
		if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > 3) return false;
		const found = this.#under(event, event.target as Element);
		if (!found) return false;
		if (event.altKey) {
			wiring.hover = undefined;
			this.#bench.cut(found.id);
			return true;
		}
		const more = event.shiftKey || event.ctrlKey || event.metaKey;
		const others = more ? board.selectedWires.filter((id) => id !== found.id) : [];
		const off = more && board.selectedWires.includes(found.id);
		if (!more) board.select([]);
		board.selectWires(off ? others : [...others, found.id]);
		return true;
	}

	/** True when the double click was for a wire: it gets a bend there. */
	doubled(event: MouseEvent): boolean {
		const found = this.#under(event, event.target as Element);
		if (!found) return false;
		this.left();
		const at = { x: event.clientX, y: event.clientY };
		asked(
			() => import('../scenes/placing.ts'),
			({ addReroute }) => addReroute(this.#bench, found.id, at)
		);
		return true;
	}

	#under(event: MouseEvent, target: Element): { id: string; at: Spot } | undefined {
		const { board, camera } = this.#bench;
		if (!camera || !board.strung.length) return undefined;
		const card = target.closest('.svelte-flow__node');
		if (card ? target.closest(OWN) : !target.closest('.svelte-flow__pane, [data-grip]')) return undefined;
		const at = camera.toBoard({ x: event.clientX, y: event.clientY });
		const reach = (card ? OVER_CARD : REACH) / camera.zoomNow();
		let nearest = reach;
		let id: string | undefined;
		for (const wire of board.strung) {
			const line = board.deck.line(wire);
			if (!line || !holds(padded(boxOf(line), reach), at)) continue;
			const far = distanceTo(line, at);
			if (far < nearest) [nearest, id] = [far, wire.id];
		}
		return id === undefined ? undefined : { id, at };
	}
}

const padded = (box: Box, by: number) => ({
	x: box.x - by,
	y: box.y - by,
	width: box.width + 2 * by,
	height: box.height + 2 * by
});
