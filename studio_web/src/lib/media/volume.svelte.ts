/** How loud this person listens: the same in every player, and kept in this browser. */

const KEY = 'studio.volume';

function kept(): { volume: number; muted: boolean } {
	try {
		const found = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { volume?: unknown; muted?: unknown };
		const volume = typeof found.volume === 'number' ? Math.min(1, Math.max(0, found.volume)) : 1;
		return { volume, muted: found.muted === true };
	} catch {
		return { volume: 1, muted: false };
	}
}

class Loudness {
	#now = $state(kept());

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
		try {
			localStorage.setItem(KEY, JSON.stringify(now));
		} catch {
			// Private windows may refuse: it then lasts for this page.
		}
	}
}

export const loudness = new Loudness();
