/** Leaves the first seconds to the page itself. */
const CALM_MS = 2500;

/** Runs something once the page has long painted and has nothing else to do; the answer takes it back. */
export function whenIdle(run: () => void): () => void {
	let asked: number | undefined;
	const timer = setTimeout(() => {
		if ('requestIdleCallback' in window) asked = requestIdleCallback(run, { timeout: 3000 });
		else run();
	}, CALM_MS);
	return () => {
		clearTimeout(timer);
		if (asked !== undefined) cancelIdleCallback(asked);
	};
}

/** A board without cards in sight has none to wait for. */
const LONGEST_MS = 1000;
const CARDS = '.svelte-flow__node, [data-overview][aria-busy="false"]';

/**
 * Runs something when the board's first cards are on the screen, so that what comes later does not hold them up;
 * the answer takes it back.
 */
export function whenPainted(run: () => void): () => void {
	const asked = performance.now();
	let timer: ReturnType<typeof setTimeout> | undefined;
	let frame = requestAnimationFrame(look);
	function look(): void {
		const there = document.querySelector(CARDS) !== null || performance.now() - asked > LONGEST_MS;
		// The frame after the one in which they are there shows them; what runs at once would hold that one up.
		frame = requestAnimationFrame(there ? shown : look);
	}
	function shown(): void {
		frame = requestAnimationFrame(() => (timer = setTimeout(run)));
	}
	return () => {
		cancelAnimationFrame(frame);
		clearTimeout(timer);
	};
}
