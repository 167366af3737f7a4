import { expect, it } from 'vitest';
import { workerFacts } from './worker.ts';

it('reads what a worker says of itself', () => {
	expect(
		workerFacts({
			id: 'w1',
			host: 'grading',
			engines: ['cpu', 'cuda'],
			vram_gb: 24,
			gpu: 'RTX 4090',
			version: '1.0'
		})
	).toEqual({
		name: 'grading',
		state: 'idle',
		machine: 'RTX 4090, 24 GB graphics memory',
		engines: ['cpu', 'cuda'],
		version: '1.0'
	});
});

it('shows one that says little', () => {
	expect(workerFacts({ id: 'w1' })).toEqual({
		name: 'w1',
		state: 'idle',
		machine: 'Processor only, no graphics card',
		engines: [],
		version: ''
	});
});

it('tells working from gone', () => {
	expect(workerFacts({ id: 'w', task_id: 't1' }).state).toBe('busy');
	expect(workerFacts({ id: 'w', alive: false, task_id: 't1' }).state).toBe('gone');
});
