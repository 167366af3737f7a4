import type { Timeline } from '../../api/types.ts';
import { rateOf, type Rate } from '../../media/timecode.ts';

/** Where a frame of the film lies in its takes. Pure; frames count from the film's first, 0. */

export type Clip = Timeline['cuts'][number];

export interface Placed {
	clip: Clip;
	index: number;
	/** What the shot is called on the strip: its number, with the scene's before it where the cut has several. */
	called: string;
	/** First frame in the film, and the first one after it. */
	start: number;
	end: number;
}

/** The clips that fill frames, in order. */
export function placed(cut: Timeline): Placed[] {
	const isOneScene = cut.cuts.every((clip) => clip.scene === cut.cuts[0]?.scene);
	return cut.cuts.flatMap((clip, index) => {
		if (clip.record_out <= clip.record_in) return [];
		const number = clip.shot.replace('SHOT-', '');
		return [
			{
				clip,
				index,
				called: isOneScene ? number : `${clip.scene}/${number}`,
				start: clip.record_in - cut.start_frame,
				end: clip.record_out - cut.start_frame
			}
		];
	});
}

/** The place in the list whose clip holds a frame; the last one behind the end, -1 where there are none. */
export function at(clips: readonly Placed[], frame: number): number {
	let low = 0;
	let high = clips.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((clips[middle]?.start ?? Infinity) <= frame) low = middle;
		else high = middle - 1;
	}
	return clips.length ? low : -1;
}

/** A rate as it is counted: rates that differ by 1000/1001 are played frame for frame. */
const counted = (rate: Rate) => (rate.seconds === 1001 ? rate.frames / 1000 : rate.frames / rate.seconds);

/** Which frame of its own a take shows at a place in it, counted in project frames. */
export function nativeAt(clip: Clip, source: number, project: Rate): number {
	if (!clip.native_rate) return source;
	const native = Math.floor((source * counted(rateOf(clip.native_rate))) / counted(project) + 1e-9);
	return Math.min(Math.max(0, native), Math.max(0, clip.native_frames - 1));
}

/** The moment in a take's file at which that frame is in its middle, in seconds. */
export function secondsAt(clip: Clip, source: number, project: Rate): number {
	const native = rateOf(clip.native_rate ?? `${project.frames}/${project.seconds}`);
	return ((nativeAt(clip, source, project) + 0.5) * native.seconds) / native.frames;
}

/** The place in a take, in project frames, that its file shows at a moment. */
export function sourceAt(clip: Clip, seconds: number, project: Rate): number {
	const native = rateOf(clip.native_rate ?? `${project.frames}/${project.seconds}`);
	return Math.floor(((seconds * native.frames) / native.seconds / counted(native)) * counted(project) + 0.03);
}

export interface Sight {
	/** How much of the clip that comes in is there, 0 to 1: below 1 the one before is seen under it. */
	share: number;
	/** How light the picture is, 0 to 1. */
	light: number;
}

/** What a dissolve or a fade does to a frame, as the film is rendered. */
export function sightOf(one: Placed, frame: number): Sight {
	const { dissolve, fade_in, fade_out } = one.clip;
	const position = frame - one.start;
	const left = one.end - frame;
	const light =
		position < fade_in ? (position + 1) / (fade_in + 1) : left <= fade_out ? left / (fade_out + 1) : 1;
	return { share: position < dissolve ? (position + 1) / (dissolve + 1) : 1, light };
}
