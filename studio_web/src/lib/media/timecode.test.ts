import { describe, expect, it } from 'vitest';
import {
	frameAt,
	framesIn,
	lengthLabel,
	middleOf,
	nominal,
	rateLabel,
	rateOf,
	timecode
} from './timecode.ts';

const rates = ['24000/1001', '24/1', '25/1', '30000/1001', '30/1', '48/1', '50/1', '60000/1001', '60/1'];

describe('rates', () => {
	it('keeps a rate exact', () => {
		expect(rateOf('24000/1001')).toEqual({ frames: 24000, seconds: 1001 });
	});

	it.each(['24', '0/1', '24/0', '-24/1', '24.5/1', '', '24/1/1', '24 / 1'])('refuses %j', (text) => {
		expect(() => rateOf(text)).toThrow(RangeError);
	});

	it('writes a rate the way people do', () => {
		expect(rates.map(rateLabel)).toEqual(['23.976', '24', '25', '29.97', '30', '48', '50', '59.94', '60']);
	});

	it('counts timecode to the nominal rate', () => {
		expect(nominal(rateOf('24000/1001'))).toBe(24);
		expect(nominal(rateOf('60000/1001'))).toBe(60);
	});
});

describe('frames and times', () => {
	it.each(rates)('finds every frame again from its middle and from its start at %s', (text) => {
		const rate = rateOf(text);
		for (const frame of [0, 1, 2, 23, 24, 81, 1000, 86_399, 250_001]) {
			expect(frameAt(middleOf(frame, rate), rate)).toBe(frame);
			expect(frameAt((frame * rate.seconds) / rate.frames, rate)).toBe(frame);
		}
	});

	it('takes a time that a container rounded down to its clock as the frame it begins', () => {
		const rate = rateOf('24000/1001');
		const start = (1001 * 7) / 24000;
		expect(frameAt(Math.floor(start * 90_000) / 90_000, rate)).toBe(7);
		expect(frameAt(Math.floor(start * 1000) / 1000, rate)).toBe(7);
	});

	it('is never negative', () => {
		expect(frameAt(-0.5, rateOf('24/1'))).toBe(0);
	});

	it('counts the frames of a length', () => {
		expect(framesIn(4.171, rateOf('24000/1001'))).toBe(100);
		expect(framesIn(3, rateOf('25/1'))).toBe(75);
	});
});

describe('timecode', () => {
	it('counts frames, seconds, minutes and hours', () => {
		const rate = rateOf('24/1');
		expect(timecode(0, rate)).toBe('00:00:00:00');
		expect(timecode(23, rate)).toBe('00:00:00:23');
		expect(timecode(24, rate)).toBe('00:00:01:00');
		expect(timecode(24 * 60, rate)).toBe('00:01:00:00');
		expect(timecode(24 * 3600 + 5, rate)).toBe('01:00:00:05');
	});

	it('leaves numbers out at 29.97, each minute but not each tenth', () => {
		const rate = rateOf('30000/1001');
		expect([0, 1799, 1800, 3597, 3598].map((frame) => timecode(frame, rate))).toEqual([
			'00:00:00;00',
			'00:00:59;29',
			'00:01:00;02',
			'00:01:59;29',
			'00:02:00;02'
		]);
		expect(timecode(17_981, rate)).toBe('00:09:59;29');
		expect(timecode(17_982, rate)).toBe('00:10:00;00');
		// An hour of 29.97 is 107,892 frames.
		expect(timecode(107_892, rate)).toBe('01:00:00;00');
	});

	it('leaves four out at 59.94, and none at 23.976 and 60', () => {
		expect(timecode(3600, rateOf('60000/1001'))).toBe('00:01:00;04');
		expect(timecode(215_784, rateOf('60000/1001'))).toBe('01:00:00;00');
		expect(timecode(3600, rateOf('60/1'))).toBe('00:01:00:00');
		expect(timecode(1440, rateOf('24000/1001'))).toBe('00:01:00:00');
	});
});

describe('lengths', () => {
	it('reads well at every size', () => {
		expect(lengthLabel(4)).toBe('4 s');
		expect(lengthLabel(4.17)).toBe('4.2 s');
		expect(lengthLabel(63)).toBe('1:03');
		expect(lengthLabel(3723)).toBe('1:02:03');
	});
});
