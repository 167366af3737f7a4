import { layers, type Layer, type Spots } from './layers.ts';

/** Lays out one level of cards after the other, away from the page's own thread. */

export interface Asked {
	id: number;
	layer: Layer;
}

export interface Answered {
	id: number;
	spots: Spots;
}

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
	const answer: Answered = { id: data.id, spots: layers(data.layer) };
	postMessage(answer);
});
