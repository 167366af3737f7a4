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

/** Longer than a picture takes to be drawn, shorter than anybody needs to reach for a key. */
const SHOWN_MS = 150;

/** Runs something when what was just asked for is on the screen; the answer takes it back. */
export function whenPainted(run: () => void): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	// The first picture has the frame, the second what could be measured in it: the cards of the board.
	let frame = requestAnimationFrame(() => {
		frame = requestAnimationFrame(() => (timer = setTimeout(run, SHOWN_MS)));
	});
	return () => {
		cancelAnimationFrame(frame);
		clearTimeout(timer);
	};
}
