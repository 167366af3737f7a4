import type { Component } from 'svelte';
import type { GraphNode, Take } from '#lib/api/types.ts';
import { late } from '#lib/feedback/late.ts';

/**
 * What lies on the pictures of cards with takes, fetched once when the board stands: the first paint does without it.
 *
 * Asked for by every picture.
 */

export interface LayerProps {
	node: GraphNode;
	take: Take;
	takes: readonly Take[];
	aspect: number;
}

const SETTLE_MS = 250;

class Layer {
	part = $state.raw<Component<LayerProps> | undefined>();
	#asked = false;

	ask(): void {
		if (this.#asked) return;
		this.#asked = true;
		setTimeout(() => {
			void late(() => import('./TakeLayer.svelte')).then((loaded) => (this.part = loaded.default));
		}, SETTLE_MS);
	}
}

export const layer = new Layer();
