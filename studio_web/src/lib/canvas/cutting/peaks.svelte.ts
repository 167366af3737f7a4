import { SvelteMap } from 'svelte/reactivity';
import type { Waveform } from '../../api/types.ts';

/** The peaks of sounds in the cut, read once each; a file whose sound cannot be drawn has none. */

const known = new SvelteMap<string, Waveform>();
// No signal: who reads the peaks must not be called again because they were asked for.
const asked: Record<string, boolean> = {};

export function peaksOf(url: string): Waveform | undefined {
	const found = known.get(url);
	if (!found && !asked[url]) {
		asked[url] = true;
		// A sound that cannot be drawn leaves its lane plain: the film itself says what is wrong with it.
		fetch(url)
			.then(async (answer) => {
				if (answer.ok) known.set(url, (await answer.json()) as Waveform);
			})
			.catch(() => {
				asked[url] = false;
			});
	}
	return found;
}

/** The wave as an outline above and below its middle, 1 high each; a step a peak. */
export function outline(peaks: readonly number[]): string {
	const high = (peak: number) => Math.max(0.02, peak).toFixed(3);
	const above = peaks.map((peak, at) => `L${at} ${(1 - Number(high(peak))).toFixed(3)}`);
	const below = peaks.map((peak, at) => `L${at} ${(1 + Number(high(peak))).toFixed(3)}`).reverse();
	return peaks.length ? `M0 1${above.join('')}${below.join('')}Z` : '';
}
