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

/** Runs something right after the next picture is on the screen; the answer takes it back. */
export function whenPainted(run: () => void): () => void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const frame = requestAnimationFrame(() => (timer = setTimeout(run)));
	return () => {
		cancelAnimationFrame(frame);
		clearTimeout(timer);
	};
}
