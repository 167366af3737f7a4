import { describe, expect, it } from 'vitest';
import type { Estimate, Range, Task } from '../api/types.ts';
import { about, agreed, beforeOf, between, finished, forecast, moved, remaining } from './line-up.ts';

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

	const range = (low_s: number, high_s: number): Range => ({ low_s, likely_s: (low_s + high_s) / 2, high_s });
	const estimate = (starts: Range | null, takes: Range | null, guess = false): Estimate => ({
		starts_in_s: starts?.likely_s ?? null,
		takes_s: takes?.likely_s ?? null,
		starts,
		takes,
		guess
	});

	it.each([
		[20, 40, '20–40 s'],
		[40, 40.2, '40 s'],
		[50, 170, '50 s to 3 min'],
		[120, 300, '2–5 min'],
		[3000, 4800, '50 min to 1 h 20 min'],
		[3600, 7200, '1–2 h']
	])('%d to %d s reads “%s”', (low, high, text) => expect(between(range(low, high))).toBe(text));

	it('says what is known and nothing else', () => {
		expect(forecast(estimate(range(120, 300), range(30, 50)))).toBe('starts in 2–5 min, takes 30–50 s');
		expect(forecast(estimate(range(0, 180), range(30, 50), true))).toBe(
			'starts within 3 min, takes 30–50 s (a guess)'
		);
		expect(forecast(estimate(range(0, 0), null))).toBe('starts next');
		expect(forecast(estimate(null, null))).toBe('');
		expect(forecast(undefined)).toBe('');
		expect(remaining(estimate(null, range(30, 50)), 75)).toBe('about 10 s left');
		expect(remaining(estimate(null, null), 75)).toBe('');
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
