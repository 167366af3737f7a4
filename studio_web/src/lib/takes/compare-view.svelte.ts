import { FIT, zoomed } from './compared.ts';

/** How a comparison is looked at. This person's, as long as the comparison is open; nothing of it is in the project. */

export type Mode = 'wipe' | 'beside' | 'difference' | 'onion';

export class CompareView {
	mode = $state<Mode>('wipe');
	/** The wipe line stands, or lies. */
	upright = $state(true);
	/** Where it is, from 0 to 1. */
	wipe = $state(0.5);
	/** How much a difference is amplified. */
	gain = $state(4);
	/** Of the picture that lies over the first. */
	opacity = $state(0.5);
	names = $state(true);
	/** Which take lies over the first one, as it was asked for. */
	second = $state(1);
	zoom = $state.raw(FIT);

	zoomBy(by: number, at = { x: 0, y: 0 }): void {
		this.zoom = zoomed(this.zoom, by, at);
	}

	fit(): void {
		this.zoom = FIT;
	}
}
