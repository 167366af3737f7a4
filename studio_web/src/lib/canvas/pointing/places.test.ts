import { describe, expect, it } from 'vitest';
import {
	allMoved,
	foundIn,
	movedTo,
	onOther,
	placedOn,
	placesOf,
	spread,
	starts,
	written
} from './places.ts';

const asked = {
	of: 'still',
	points: [
		{ name: 'left', title: 'Left ear', x: 0.3, y: 0.4, help: '' },
		{ name: 'right', title: 'Right ear', x: 0.7, y: 0.4, help: '' }
	],
	lines: [['left', 'right']]
};
const both = starts(asked);

describe('places', () => {
	it('come back as they were written, to a ten-thousandth', () => {
		const text = written({ ...both, left: [0.333333, 0.5] }, 'abc');
		expect(placesOf(text, asked)).toEqual({ left: [0.3333, 0.5], right: [0.7, 0.4] });
		expect(placedOn(text)).toBe('abc');
	});

	it.each([
		'',
		'{',
		'null',
		'{"at":{"left":[0.1,0.2]}}',
		'{"at":{"left":[0.1,0.2],"right":[1.2,0]}}',
		'{"at":{"left":[0.1,0.2],"right":["a",0]}}'
	])('are none where a point is missing, outside or no place: %s', (text) => {
		expect(placesOf(text, asked)).toBeUndefined();
	});

	it('were placed on another picture only where both are known', () => {
		expect(onOther(written(both, 'a'), 'b')).toBe(true);
		expect(onOther(written(both, 'a'), 'a')).toBe(false);
		expect(onOther(written(both, ''), 'b')).toBe(false);
		expect(onOther(written(both, 'a'), undefined)).toBe(false);
	});

	it('that were found count only for this picture, and only whole ones', () => {
		const fact = JSON.stringify({ on: 'a', found: [both, { left: [0, 0] }] });
		expect(foundIn(fact, asked, 'a')).toEqual([both]);
		expect(foundIn(fact, asked, 'b')).toEqual([]);
		expect(foundIn(undefined, asked, 'a')).toEqual([]);
	});

	it('stay in the picture, one and all', () => {
		expect(movedTo(both, 'left', [-1, 2]).left).toEqual([0, 1]);
		const moved = allMoved(both, 1, -1);
		expect(moved.right?.[0]).toBeCloseTo(1);
		expect(moved.left?.[0]).toBeCloseTo(0.6);
		expect(moved.left?.[1]).toBeCloseTo(0);
		expect(spread(both, 10)).toEqual({ left: [0, 0.4], right: [1, 0.4] });
	});
});
