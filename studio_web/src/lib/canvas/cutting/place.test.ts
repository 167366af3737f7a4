import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../api/types.ts';
import { rateOf } from '../../media/timecode.ts';
import { at, nativeAt, placed, secondsAt, sightOf, sourceAt, type Clip } from './place.ts';

const clip = (from: number, to: number, more: Partial<Clip> = {}): Clip => ({
	node_id: 'n',
	edge_id: 'e',
	scene: '01',
	shot: 'SHOT-010',
	take: 'SHOT-010_v01_take01',
	reel: 'A0100101',
	source_in: 0,
	source_out: to - from,
	record_in: 86400 + from,
	record_out: 86400 + to,
	record_in_tc: '',
	record_out_tc: '',
	thumbnail_url: null,
	missing: null,
	native_frames: 81,
	native_rate: '24/1',
	conformed_frames: 81,
	dissolve: 0,
	fade_in: 0,
	fade_out: 0,
	title: '',
	words: '',
	media_url: null,
	sprite_url: null,
	waveform_url: null,
	framing: null,
	has_audio: false,
	replaced: false,
	conform: null,
	made_between: '',
	conformed_from: '',
	...more
});
const cut = (...cuts: Clip[]) => ({ start_frame: 86400, cuts }) as unknown as Timeline;
const film = rateOf('24/1');

describe('the cut', () => {
	it('says the scene of a shot only where there are several', () => {
		const called = (...cuts: Clip[]) => placed(cut(...cuts)).map((one) => one.called);
		expect(called(clip(0, 10), clip(10, 20, { shot: 'SHOT-020' }))).toEqual(['010', '020']);
		expect(called(clip(0, 10), clip(10, 20, { scene: '02' }))).toEqual(['01/010', '02/010']);
	});

	it('finds the clip of a frame, and passes over what fills none', () => {
		const clips = placed(cut(clip(0, 10), clip(10, 10), clip(10, 30)));
		expect(clips.map((one) => [one.index, one.start, one.end])).toEqual([
			[0, 0, 10],
			[2, 10, 30]
		]);
		expect([0, 9, 10, 29, 99].map((frame) => at(clips, frame))).toEqual([0, 0, 1, 1, 1]);
		expect(at([], 0)).toBe(-1);
	});

	it('shows the same frames of a take of another rate as the film does', () => {
		const slow = clip(0, 121, { native_rate: '16/1', conformed_frames: 121 });
		expect([0, 1, 2, 3, 120].map((k) => nativeAt(slow, k, film))).toEqual([0, 0, 1, 2, 80]);
		for (let k = 0; k < 121; k++) {
			const back = sourceAt(slow, secondsAt(slow, k, film), film);
			expect(nativeAt(slow, back, film)).toBe(nativeAt(slow, k, film));
		}
		const ntsc = clip(0, 81, { native_rate: '24000/1001' });
		expect([0, 40, 80].map((k) => nativeAt(ntsc, k, film))).toEqual([0, 40, 80]);
	});

	it('mixes and fades as the film is rendered', () => {
		const [one] = placed(cut(clip(0, 20, { dissolve: 3, fade_out: 4 })));
		expect(one).toBeDefined();
		if (!one) return;
		expect([0, 1, 2, 3].map((frame) => sightOf(one, frame).share)).toEqual([0.25, 0.5, 0.75, 1]);
		expect([15, 16, 19].map((frame) => sightOf(one, frame).light)).toEqual([1, 0.8, 0.2]);
	});
});
