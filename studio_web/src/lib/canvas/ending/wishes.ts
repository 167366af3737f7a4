import { keep, keptFields } from '#lib/ui/kept.ts';

/** How this person, in this browser, hears of a run that ends while the page is hidden: by the system, by a sound. */

const KEY = 'studio.endings';

export interface Wishes {
	notice: boolean;
	sound: boolean;
}

export const wishes = (): Wishes => ({
	notice: false,
	sound: false,
	...(keptFields(KEY) as Partial<Wishes>)
});

export const wish = (change: Partial<Wishes>): void => keep(KEY, { ...wishes(), ...change });
