/** Whether this person counts in timecode or in frames: the same in every player, and kept in this browser. */

import { keep, kept } from '../ui/kept.ts';
import { timecode, type Rate } from './timecode.ts';

const KEY = 'studio.counting';

class Counting {
	#frames = $state(kept(KEY) === 'frames');

	get frames(): boolean {
		return this.#frames;
	}

	toggle(): void {
		this.#frames = !this.#frames;
		keep(KEY, this.#frames ? 'frames' : 'timecode');
	}

	/** A place or a length, in frames from 0, as this person counts. */
	label(frame: number, rate: Rate): string {
		return this.#frames ? String(frame) : timecode(frame, rate);
	}
}

export const counting = new Counting();
