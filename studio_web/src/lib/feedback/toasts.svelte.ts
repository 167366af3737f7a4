/**
 * The notices that are on screen and how long each stays. `toast.ts` adds them, `Toaster.svelte` shows them.
 * At most four; while somebody points at them or has the focus in them, time stands still.
 */
export type ToastTone = 'plain' | 'success' | 'warn' | 'error';

export interface Notice {
	readonly id: string;
	readonly tone: ToastTone;
	readonly text: string;
	readonly description: string;
	readonly action: { readonly label: string; readonly run: () => void } | null;
	/** Milliseconds; 0 = until it is closed. */
	readonly duration: number;
}

const MOST = 4;

export class Toasts {
	shown = $state.raw<readonly Notice[]>([]);

	#timers: Record<string, ReturnType<typeof setTimeout>> = {};
	#held = false;

	/** A notice with an id that is on screen takes that one's place. */
	add(notice: Notice): void {
		const others = this.shown.filter((one) => one.id !== notice.id);
		const next = [...others, notice];
		for (const gone of next.slice(0, -MOST)) this.#forget(gone.id);
		this.shown = next.slice(-MOST);
		this.#start(notice);
	}

	dismiss(id: string): void {
		this.#forget(id);
		this.shown = this.shown.filter((one) => one.id !== id);
		// The one that was pointed at may be gone without the pointer having left it.
		if (this.shown.length === 0) this.#held = false;
	}

	clear(): void {
		for (const { id } of this.shown) this.dismiss(id);
	}

	hold(): void {
		this.#held = true;
		for (const { id } of this.shown) this.#forget(id);
	}

	release(): void {
		if (!this.#held) return;
		this.#held = false;
		for (const notice of this.shown) this.#start(notice);
	}

	#start({ id, duration }: Notice): void {
		this.#forget(id);
		if (this.#held || duration === 0) return;
		this.#timers[id] = setTimeout(() => this.dismiss(id), duration);
	}

	#forget(id: string): void {
		clearTimeout(this.#timers[id]);
		delete this.#timers[id];
	}
}

export const toasts = new Toasts();
