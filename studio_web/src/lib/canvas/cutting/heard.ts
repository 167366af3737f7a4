import type { Timeline } from '../../api/types.ts';

/**
 * Plays voices and music with the film, near enough to judge where they lie: levels and fades are heard, what steps back
 * and how loud the whole is are the rendered film's. No look, no state of the page.
 */

type Sound = Timeline['sounds'][number];

/** So many seconds off and the file is put right; less is not heard, and putting it right would be. */
const LOOSE = 0.12;

/** How loud a sound is at a frame of the film, 0 to 1: a browser plays nothing louder than it is. */
export function levelAt(sound: Sound, frame: number): number {
	if (frame < sound.record_in || frame >= sound.record_out) return 0;
	const rise = sound.fade_in ? Math.min(1, (frame - sound.record_in) / sound.fade_in) : 1;
	const fall = sound.fade_out ? Math.min(1, (sound.record_out - frame) / sound.fade_out) : 1;
	return Math.min(1, 10 ** (sound.gain / 20) * rise * fall);
}

export class Heard {
	#files = new Map<string, HTMLAudioElement>();

	/** Follows the film: `frame` counts as the cut does, `perSecond` are its frames; it is silent unless it plays. */
	follow(cut: Timeline, frame: number, perSecond: number, speed: number, volume: number): void {
		const wanted = speed > 0 && speed <= 2 && volume > 0;
		for (const sound of cut.sounds) {
			const level = wanted ? levelAt(sound, frame) : 0;
			const inside = wanted && frame >= sound.record_in && frame < sound.record_out;
			const file = inside ? this.#file(sound) : this.#files.get(sound.node_id);
			if (!file) continue;
			if (!inside) {
				file.pause();
				continue;
			}
			const at = (sound.source_in + frame - sound.record_in) / perSecond;
			if (Math.abs(file.currentTime - at) > LOOSE * speed) file.currentTime = at;
			file.volume = Math.min(1, level * volume);
			file.playbackRate = speed;
			// Refused while the file loads or cannot be played; the next frame asks again.
			if (file.paused) file.play().catch(() => undefined);
		}
	}

	stop(): void {
		for (const file of this.#files.values()) {
			file.pause();
			file.removeAttribute('src');
		}
		this.#files.clear();
	}

	#file(sound: Sound): HTMLAudioElement {
		let file = this.#files.get(sound.node_id);
		if (!file) {
			file = new Audio(sound.media_url);
			file.preload = 'auto';
			this.#files.set(sound.node_id, file);
		}
		return file;
	}
}
