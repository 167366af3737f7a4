import { describe, expect, it } from 'vitest';
import type { Task } from '../api/types.ts';
import { about, agreed, beforeOf, finished, forecast, moved, remaining } from './line-up.ts';

const line = ['a', 'b', 'c', 'd'];

describe('the line of what waits', () => {
	it.each([
		['a', 1, ['b', 'a', 'c', 'd'], 'c'],
		['d', 0, ['d', 'a', 'b', 'c'], 'a'],
		['b', 9, ['a', 'c', 'd', 'b'], null],
		['c', -1, ['c', 'a', 'b', 'd'], 'a']
	])('%s to place %i', (task, to, expected, before) => {
		expect(moved(line, task, to)).toEqual(expected);
		expect(beforeOf(moved(line, task, to), task)).toBe(before);
	});

	it('stays the same object when nothing moves, so that nothing is sent', () => {
		expect(moved(line, 'a', 0)).toBe(line);
		expect(moved(line, 'd', 7)).toBe(line);
		expect(moved(line, 'gone', 1)).toBe(line);
	});

	it('keeps a wished order through what starts and comes meanwhile', () => {
		expect(agreed(['c', 'a', 'b'], ['b', 'c', 'new'])).toEqual(['c', 'b', 'new']);
		expect(agreed(undefined, line)).toBe(line);
	});
});

describe('how long', () => {
	it.each([
		[0.2, '1 s'],
		[40, '40 s'],
		[58, '1 min'],
		[125, '2 min'],
		[3600, '1 h'],
		[4900, '1 h 20 min'],
		[7190, '2 h']
	])('%d s reads “%s”', (seconds, text) => expect(about(seconds)).toBe(text));

	it('says what is known and nothing else', () => {
		expect(forecast({ starts_in_s: 120, takes_s: 40 })).toBe('starts in about 2 min, takes 40 s');
		expect(forecast({ starts_in_s: 0, takes_s: null })).toBe('starts next');
		expect(forecast({ starts_in_s: null, takes_s: null })).toBe('');
		expect(forecast(undefined)).toBe('');
		expect(remaining({ starts_in_s: 0, takes_s: 40 }, 75)).toBe('about 10 s left');
		expect(remaining({ starts_in_s: 0, takes_s: null }, 75)).toBe('');
	});
});

it('groups what is finished, failures first, and leaves empty groups out', () => {
	const task = (id: string, state: Task['state']) =>
		({ id, state, created_at: '1', finished_at: id }) as Task;
	const groups = finished([task('1', 'succeeded'), task('2', 'failed'), task('3', 'succeeded')]);
	expect(groups.map((group) => [group.state, group.tasks.map((one) => one.id)])).toEqual([
		['failed', ['2']],
		['succeeded', ['3', '1']]
	]);
});
