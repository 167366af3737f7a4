/** How loud this person listens: the same in every player, and kept in this browser. */

import { keep, keptFields } from '../ui/kept.ts';

const KEY = 'studio.volume';

function last(): { volume: number; muted: boolean } {
	const { volume, muted } = keptFields(KEY);
	return {
		volume: typeof volume === 'number' ? Math.min(1, Math.max(0, volume)) : 1,
		muted: muted === true
	};
}

class Loudness {
	#now = $state(last());

	get volume(): number {
		return this.#now.volume;
	}

	set volume(volume: number) {
		if (volume !== this.#now.volume) this.#keep({ volume, muted: this.#now.muted });
	}

	get muted(): boolean {
		return this.#now.muted;
	}

	set muted(muted: boolean) {
		if (muted !== this.#now.muted) this.#keep({ volume: this.#now.volume, muted });
	}

	toggle(): void {
		this.muted = !this.muted;
	}

	#keep(now: { volume: number; muted: boolean }): void {
		this.#now = now;
		keep(KEY, now);
	}
}

export const loudness = new Loudness();
