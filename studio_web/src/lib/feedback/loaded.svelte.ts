/**
 * Something fetched from the studio, with its states: loading, there, failed, and trying again by itself.
 * What was there stays on screen while a refresh fails. Created by a page; it shows nothing.
 */
import { errorBody } from '#lib/api/client.ts';
import type { ErrorBody } from '#lib/api/types.ts';

const WAITS_MS = [1500, 3000, 6000, 10_000];

export class Loaded<T> {
	value = $state.raw<T | undefined>(undefined);
	error = $state.raw<ErrorBody | null>(null);
	loading = $state(false);

	#fetch: (signal: AbortSignal) => Promise<T>;
	#tries = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#abort: AbortController | undefined;

	constructor(fetch: (signal: AbortSignal) => Promise<T>) {
		this.#fetch = fetch;
	}

	async load(): Promise<void> {
		clearTimeout(this.#timer);
		this.#abort?.abort();
		const abort = new AbortController();
		this.#abort = abort;
		this.loading = true;
		try {
			const value = await this.#fetch(abort.signal);
			if (abort.signal.aborted) return;
			this.value = value;
			this.error = null;
			this.#tries = 0;
		} catch (thrown) {
			if (abort.signal.aborted) return;
			this.error = errorBody(thrown);
			this.#timer = setTimeout(() => void this.load(), WAITS_MS[Math.min(this.#tries, WAITS_MS.length - 1)]);
			this.#tries += 1;
		} finally {
			if (this.#abort === abort) this.loading = false;
		}
	}

	/** Stops asking; call it when the page goes. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#abort?.abort();
	}
}
