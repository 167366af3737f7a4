import { judge, wireFrom, type LooseEnd } from '../../catalog/connect.ts';
import type { Wire } from '../deck.ts';
import type { Spot } from '../edits.ts';
import { realEnd } from '../scenes/border.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { landing } from './landing.ts';
import { plugOn } from './plugging.ts';

/**
 * Taking a wire by its end: into another socket it is plugged in there, on a card it finds a socket that fits, in the
 * void it is cut, where it came from it stays. One step for undo. Started by a grip of a wire.
 */

/** How near a socket must be to take the end, in screen pixels. */
const REACH = 26;

export function pull(bench: Workbench, start: Spot, wire: Wire, end: 'from' | 'to'): void {
	const { board, camera, wiring } = bench;
	const line = board.deck.line(wire);
	if (!line || !camera) return;
	const stays: LooseEnd =
		end === 'to'
			? { node: wire.source, handle: wire.sourceHandle ?? '', side: 'source' }
			: { node: wire.target, handle: wire.targetHandle ?? '', side: 'target' };
	const over = new AbortController();
	const options = { signal: over.signal };
	let begun = false;

	const follow = (to: PointerEvent) => {
		if (!begun && Math.hypot(to.clientX - start.x, to.clientY - start.y) < 3) return;
		begun = true;
		wiring.end = stays;
		wiring.hover = undefined;
		const at = camera.toBoard({ x: to.clientX, y: to.clientY });
		const near = socketNear(bench, stays, at, REACH / camera.zoomNow())?.at ?? at;
		wiring.loose =
			end === 'to' ? { id: wire.id, from: line.from, to: near } : { id: wire.id, from: near, to: line.to };
	};
	const stop = () => {
		over.abort();
		wiring.end = undefined;
		wiring.loose = undefined;
	};
	window.addEventListener('pointermove', follow, options);
	window.addEventListener('pointercancel', stop, options);
	window.addEventListener('keydown', (key) => key.key === 'Escape' && stop(), options);
	window.addEventListener(
		'pointerup',
		(up) => {
			stop();
			if (begun) release(bench, up, wire, stays);
		},
		options
	);
}

function release(bench: Workbench, event: PointerEvent, wire: Wire, stays: LooseEnd): void {
	const { camera } = bench;
	if (!camera) return;
	const at = camera.toBoard({ x: event.clientX, y: event.clientY });
	const socket = socketNear(bench, stays, at, REACH / camera.zoomNow());
	const place = landing(event);
	if (socket) bench.replug(wire.id, wireFrom(stays, socket.node, socket.handle));
	else if (place.kind === 'card' && place.id !== stays.node) plugOn(bench, stays, place, wire.id);
	else if (place.kind === 'board') bench.cut(wire.id);
}

/** The nearest socket of the other side, on the border of a closed scene the one it stands for; one that takes the wire goes first. */
function socketNear(
	bench: Workbench,
	stays: LooseEnd,
	at: Spot,
	reach: number
): { node: string; handle: string; at: Spot } | undefined {
	const { board } = bench;
	const doc = bench.session.doc;
	let found: { node: string; handle: string; at: Spot; far: number } | undefined;
	for (const card of board.shown) {
		const box = card.hidden ? undefined : board.box(card.id);
		if (!box || at.x < box.x - reach || at.x > box.x + box.width + reach) continue;
		for (const { side, spec, y } of card.data.layout.spots) {
			if (side === stays.side) continue;
			const spot = { x: box.x + (side === 'source' ? box.width : 0), y: box.y + y };
			const real = realEnd(doc, card.id, spec.name);
			const fits = judge(bench.catalog, doc, wireFrom(stays, real.node, real.handle)).ok;
			const far = Math.hypot(spot.x - at.x, spot.y - at.y) + (fits ? 0 : reach / 2);
			if (far < reach && far < (found?.far ?? Infinity)) found = { ...real, at: spot, far };
		}
	}
	return found;
}
