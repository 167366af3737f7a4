/** A finger that rests opens the menu, as the right button does. For browsers that do not say so themselves. */

const REST_MS = 520;
const STILL_PX = 9;

export function longPress(onrest: (target: Element, screen: { x: number; y: number }) => void) {
	return (element: HTMLElement) => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let from = { x: 0, y: 0 };
		const stop = () => clearTimeout(timer);
		const down = (event: PointerEvent) => {
			stop();
			if (event.pointerType !== 'touch' || !event.isPrimary) return;
			from = { x: event.clientX, y: event.clientY };
			const target = event.target as Element;
			timer = setTimeout(() => onrest(target, from), REST_MS);
		};
		const move = (event: PointerEvent) => {
			if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX) stop();
		};
		const events = {
			pointerdown: down,
			pointermove: move,
			pointerup: stop,
			pointercancel: stop,
			contextmenu: stop
		};
		const listeners = Object.entries(events) as [string, EventListener][];
		for (const [name, listener] of listeners) element.addEventListener(name, listener, { capture: true });
		return () => {
			stop();
			for (const [name, listener] of listeners)
				element.removeEventListener(name, listener, { capture: true });
		};
	};
}
