import { overlays } from './overlays.ts';

/**
 * A dialog over the whole screen: the place of all overlays goes there, so that what it opens (a menu, a question) shows
 * too. `fullscreenchange` of the document says when it is so.
 */

export const isFull = (): boolean => document.fullscreenElement === overlays();

/** The browser refuses where a person has switched it off; then nothing changes. */
export async function toggleFull(): Promise<void> {
	if (document.fullscreenElement) await document.exitFullscreen();
	else
		await overlays()
			.requestFullscreen()
			.catch(() => undefined);
}

export function leaveFull(): void {
	if (isFull()) void document.exitFullscreen();
}
