/**
 * Frames, seconds and timecode at an exact rate. Pure; used by the player and wherever a time is shown.
 *
 * A rate is the protocol's text (`24/1`, `24000/1001`). Nothing here goes through a rounded rate: 23.976 is not a number
 * of frames a second, 24000/1001 is.
 */

export interface Rate {
	readonly frames: number;
	readonly seconds: number;
}

/** Throws on anything that is not `frames/seconds` with whole positive numbers. */
export function rateOf(text: string): Rate {
	const found = /^(\d{1,6})\/(\d{1,5})$/.exec(text);
	const frames = Number(found?.[1]);
	const seconds = Number(found?.[2]);
	if (!found || frames === 0 || seconds === 0) throw new RangeError(`not a frame rate: ${text}`);
	return { frames, seconds };
}

/** The whole number that timecode counts to: 24 for 24000/1001. */
export const nominal = (rate: Rate): number => Math.round(rate.frames / rate.seconds);

/** `24`, `23.976`, `29.97`: how people write a rate. */
export function rateLabel(text: string): string {
	const rate = rateOf(text);
	return String(Number((rate.frames / rate.seconds).toFixed(3)));
}

/**
 * The frame on screen at a media time. Presentation times are rounded to the container's clock, so a time may lie up to
 * a millisecond before its frame: those count as the frame.
 */
export function frameAt(seconds: number, rate: Rate): number {
	return Math.max(0, Math.floor((seconds * rate.frames) / rate.seconds + 0.03));
}

/** The media time in the middle of a frame: a seek there cannot land on its neighbour. */
export function middleOf(frame: number, rate: Rate): number {
	return ((frame + 0.5) * rate.seconds) / rate.frames;
}

/** How many frames a duration holds. */
export function framesIn(seconds: number, rate: Rate): number {
	return Math.round((seconds * rate.frames) / rate.seconds);
}

const two = (n: number) => String(n).padStart(2, '0');

/** Whether timecode leaves out numbers to keep to the clock: at 29.97 and 59.94, as in the edit lists of the studio. */
export function dropsNumbers(rate: Rate): boolean {
	const fps = nominal(rate);
	return rate.seconds === 1001 && (fps === 30 || fps === 60);
}

/** The number a frame has in drop-frame timecode: two (at 59.94 four) are left out each minute, but not each tenth. */
function counted(frame: number, fps: number): number {
	const skipped = fps / 15;
	const tens = Math.floor(frame / (fps * 600 - 9 * skipped));
	const rest = frame % (fps * 600 - 9 * skipped);
	const minutes = rest < skipped ? 0 : Math.floor((rest - skipped) / (fps * 60 - skipped));
	return frame + 9 * skipped * tens + skipped * minutes;
}

/** `HH:MM:SS:FF`, counted from frame 0; drop-frame has a semicolon before the frames. */
export function timecode(frame: number, rate: Rate): string {
	const fps = nominal(rate);
	const drop = dropsNumbers(rate);
	const number = drop ? counted(frame, fps) : frame;
	const seconds = Math.floor(number / fps);
	const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
	return `${clock}${drop ? ';' : ':'}${two(number % fps)}`;
}

/** `4.2 s`, `1:03`, `1:02:03`: a length for reading, not for counting. */
export function lengthLabel(seconds: number): string {
	if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
	const whole = Math.round(seconds);
	const hours = Math.floor(whole / 3600);
	const rest = `${Math.floor(whole / 60) % 60}:${two(whole % 60)}`;
	return hours > 0 ? `${hours}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}` : rest;
}
