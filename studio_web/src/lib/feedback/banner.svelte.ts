/**
 * Lines under the top bar for what stays true for a while: offline, folder gone, disk full.
 * Each has an id, so that whoever raised it can change it and take it down. A toast is for what happened once.
 */
import { SvelteMap } from 'svelte/reactivity';

export interface Banner {
	tone: 'info' | 'warn' | 'danger' | 'ok';
	message: string;
	/** The exact cause, such as a path; below the message. */
	detail?: string | undefined;
	/** Turns a ring instead of a still icon: the studio is doing something about it. */
	busy?: boolean;
	action?: { label: string; run: () => void };
}

class Banners {
	readonly shown = new SvelteMap<string, Banner>();

	show(id: string, banner: Banner): void {
		this.shown.set(id, banner);
	}

	clear(id: string): void {
		this.shown.delete(id);
	}
}

export const banners = new Banners();
