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
			sandbox: 'bubblewrap',
			version: '1.0'
		})
	).toEqual({
		name: 'grading',
		machine: 'RTX 4090, 24 GB graphics memory',
		engines: 'NVIDIA graphics card',
		sandbox: 'bubblewrap',
		version: '1.0'
	});
});

it('shows one that says little', () => {
	expect(workerFacts({ id: 'w1' })).toEqual({
		name: 'w1',
		machine: 'Processor only, no graphics card',
		engines: '',
		sandbox: '',
		version: ''
	});
});
