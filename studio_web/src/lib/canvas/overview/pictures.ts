/**
 * The small pictures of the overview: fetched a few at a time, those asked for last first, decoded off the main thread
 * and kept as bitmaps. Made by the overview and closed with it.
 */

const AT_ONCE = 6;
const MOST = 12_000;
/** Arriving pictures are painted together. */
const GATHER_MS = 120;

export class Pictures {
	#kept = new Map<string, ImageBitmap | null>();
	/** Asked for and not here yet. */
	#asked = new Set<string>();
	#stack: string[] = [];
	#running = 0;
	#width: number;
	#oncome: (addresses: ReadonlySet<string>) => void;
	#come = new Set<string>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#closed = new AbortController();

	/** `width` in pixels of a bitmap; the picture of a board of thousands is small. */
	constructor(width: number, oncome: (addresses: ReadonlySet<string>) => void) {
		this.#width = width;
		this.#oncome = oncome;
	}

	/** The picture if it is here; else it is asked for. */
	get = (address: string): ImageBitmap | undefined => {
		const kept = this.#kept.get(address);
		if (kept !== undefined) return kept ?? undefined;
		if (this.#asked.has(address)) return undefined;
		this.#asked.add(address);
		this.#stack.push(address);
		this.#next();
		return undefined;
	};

	close(): void {
		this.#closed.abort();
		clearTimeout(this.#timer);
		for (const bitmap of this.#kept.values()) bitmap?.close();
		this.#kept.clear();
		this.#stack.length = 0;
	}

	#next(): void {
		while (this.#running < AT_ONCE && !this.#closed.signal.aborted) {
			const address = this.#stack.pop();
			if (address === undefined) return;
			this.#running++;
			void this.#load(address).finally(() => {
				this.#running--;
				this.#next();
			});
		}
	}

	async #load(address: string): Promise<void> {
		try {
			const answer = await fetch(address, { signal: this.#closed.signal });
			const bitmap = answer.ok
				? await createImageBitmap(await answer.blob(), { resizeWidth: this.#width, resizeQuality: 'medium' })
				: null;
			if (this.#closed.signal.aborted) return bitmap?.close();
			this.#keep(address, bitmap);
		} catch {
			// No picture: the tile shows its number, and it is not asked for again.
			if (!this.#closed.signal.aborted) this.#keep(address, null);
		}
	}

	#keep(address: string, bitmap: ImageBitmap | null): void {
		this.#kept.set(address, bitmap);
		this.#asked.delete(address);
		if (bitmap) this.#come.add(address);
		if (this.#kept.size > MOST) {
			const [oldest, gone] = this.#kept.entries().next().value ?? [];
			gone?.close();
			if (oldest !== undefined) this.#kept.delete(oldest);
		}
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			const come = this.#come;
			this.#come = new Set();
			if (come.size) this.#oncome(come);
		}, GATHER_MS);
	}
}
