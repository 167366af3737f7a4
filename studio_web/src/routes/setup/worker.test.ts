import { expect, it } from 'vitest';
import type { Worker } from '#lib/api/types.ts';
import { workerFacts } from './worker.ts';

const worker = (more: Partial<Worker>): Worker => ({
	id: 'w1',
	boot: 'b1',
	host: '',
	engines: ['cpu'],
	queues: [],
	vram_gb: 0,
	gpu: '',
	sandbox: '',
	version: '',
	...more
});

it('reads what a worker says of itself', () => {
	expect(
		workerFacts(
			worker({
				host: 'grading',
				engines: ['cpu', 'cuda'],
				vram_gb: 24,
				gpu: 'RTX 4090',
				sandbox: 'bubblewrap',
				version: '1.0'
			})
		)
	).toEqual({
		name: 'grading',
		machine: 'RTX 4090, 24 GB graphics memory',
		engines: 'NVIDIA graphics card',
		sandbox: 'bubblewrap',
		version: '1.0'
	});
});

it('shows one without a graphics card or a name', () => {
	expect(workerFacts(worker({}))).toEqual({
		name: 'w1',
		machine: 'Processor only, no graphics card',
		engines: '',
		sandbox: '',
		version: ''
	});
});
