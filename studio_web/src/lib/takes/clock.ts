import { frameAt, framesIn, middleOf, type Rate } from '../media/timecode.ts';

/**
 * The arithmetic of several takes on one clock: which frame of each is due, and how one that has drifted is brought
 * back. Pure; `Lockstep` does it to videos.
 */

export interface Track {
	rate: Rate;
	/** How many frames it has; null until the file itself says. */
	frames: number | null;
}

export const secondsOf = (track: Track, duration: number): number =>
	track.frames === null ? duration : (track.frames * track.rate.seconds) / track.rate.frames;

export interface Due {
	frame: number;
	/** Where to seek so that exactly this frame shows. */
	time: number;
	/** It has ended before the others: its last frame stands. */
	holds: boolean;
}

/** Which frame of a track shows at a time of the clock. */
export function dueAt(time: number, track: Track, duration: number): Due {
	const frames = track.frames ?? framesIn(duration, track.rate);
	const wanted = frameAt(time, track.rate);
	const frame = Math.max(0, Math.min(wanted, frames - 1));
	return { frame, time: middleOf(frame, track.rate), holds: frames > 0 && wanted > frames - 1 };
}

/** Drift that nobody sees is left alone, so that the rate does not hunt. */
const CALM = 0.25;
/** Further off than this, catching up would be seen longer than a jump. */
const JUMP_S = 0.4;
/** In how many seconds drift is made good. */
const WITHIN_S = 0.5;
const MOST = 0.25;

export type Correction = { rate: number } | { jump: true };

/** What to do with a track that is `ahead` seconds before the clock (negative: behind). */
export function correction(ahead: number, frame: number, speed: number): Correction {
	if (Math.abs(ahead) > JUMP_S) return { jump: true };
	if (Math.abs(ahead) < CALM * frame) return { rate: speed };
	const part = Math.max(-MOST, Math.min(MOST, -ahead / (WITHIN_S * speed)));
	return { rate: speed * (1 + part) };
}
