import { describe, expect, it } from 'vitest';
import type { Take } from '../../api/types.ts';
import { board, shot } from '../scenes/sketch.ts';
import { allTakes, beside, isDecided } from './undecided.ts';

const take = (name: string) => ({ name }) as Take;
const doc = board([
	shot('later', 0, 0, '01', '020'),
	shot('first', 500, 0, '01', '010'),
	shot('none', 0, 0, '01', '005')
]);
const takes = new Map([
	['later', [take('L1')]],
	['first', [take('F1'), take('F2')]]
]);

describe('reviewing', () => {
	const all = allTakes(doc, takes);

	it('goes through the film, the newest take of a card first', () => {
		expect(all.map((one) => one.take.name)).toEqual(['F2', 'F1', 'L1']);
	});

	it('knows what is decided', () => {
		const marked = (data: Record<string, unknown>) =>
			isDecided({ ...all[0]!, node: { ...all[0]!.node, data } });
		expect(marked({})).toBe(false);
		expect(marked({ 'star:F2': true })).toBe(true);
		expect(marked({ 'reject:F2': 'soft' })).toBe(true);
		expect(marked({ 'star:F1': true })).toBe(false);
	});

	it('walks around', () => {
		expect(beside(all, 'L1', 1)?.take.name).toBe('F2');
		expect(beside(all, 'F2', -1)?.take.name).toBe('L1');
		expect(beside(all, 'gone', 1)?.take.name).toBe('F2');
		expect(beside([], 'F2', 1)).toBeUndefined();
	});
});
