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
