import { describe, expect, it } from 'vitest';
import { correction, dueAt, secondsOf, type Track } from './clock.ts';
import { middleOf, rateOf } from '../media/timecode.ts';

const film: Track = { rate: rateOf('24/1'), frames: 48 };
const video: Track = { rate: rateOf('30000/1001'), frames: 30 };

describe('which frame is due', () => {
	it('is the same one in takes of the same kind', () => {
		for (const frame of [0, 1, 17, 47])
			expect(dueAt(middleOf(frame, film.rate), film, 2)).toMatchObject({ frame, holds: false });
	});

	it('is the one of the same moment at another rate', () => {
		expect(dueAt(middleOf(12, film.rate), video, 1.001)).toMatchObject({ frame: 15, holds: false });
	});

	it('is the last one when a take is over', () => {
		expect(dueAt(middleOf(40, film.rate), video, 1.001)).toMatchObject({ frame: 29, holds: true });
	});

	it('goes by the file where nobody counted its frames', () => {
		const unknown = { ...film, frames: null };
		expect(dueAt(1.9, unknown, 1)).toMatchObject({ frame: 23, holds: true });
		expect(secondsOf(unknown, 1)).toBe(1);
		expect(secondsOf(film, 9)).toBe(2);
	});
});

describe('a take that has drifted', () => {
	const frame = 1 / 24;

	it('is left alone within a quarter of a frame', () => {
		expect(correction(0.2 * frame, frame, 1)).toEqual({ rate: 1 });
		expect(correction(-0.2 * frame, frame, 2)).toEqual({ rate: 2 });
	});

	it('is slowed down or hurried', () => {
		expect(correction(frame, frame, 1)).toEqual({ rate: 1 - frame / 0.5 });
		expect(correction(-0.3, frame, 1)).toEqual({ rate: 1.25 });
	});

	it('jumps when it is far away', () => {
		expect(correction(-2, frame, 1)).toEqual({ jump: true });
	});
});
