/**
 * What a page puts into the studio's one top bar, so that no page needs a second bar below it.
 *
 *     {#snippet bar()}<ProjectTitle …/>{/snippet}
 *     $effect(() => topbar.show(bar));     // taken away again when the page goes
 */
import type { Snippet } from 'svelte';

class Topbar {
	#content = $state.raw<Snippet | null>(null);

	get content(): Snippet | null {
		return this.#content;
	}

	show(content: Snippet): () => void {
		this.#content = content;
		return () => {
			if (this.#content === content) this.#content = null;
		};
	}
}

export const topbar = new Topbar();
