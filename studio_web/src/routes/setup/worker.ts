/** What a worker says of itself, in words. Every worker in the list is connected; one that is gone is not in it. Pure. */
import type { Worker } from '#lib/api/types.ts';
import { setup as words } from '#words/setup.ts';

export interface WorkerFacts {
	name: string;
	machine: string;
	engines: string;
	sandbox: string;
	version: string;
}

export function workerFacts(worker: Worker): WorkerFacts {
	const { vram_gb: vram, gpu } = worker;
	return {
		name: worker.host || worker.id,
		machine: vram > 0 ? [gpu, words.memory(vram)].filter(Boolean).join(', ') : gpu || words.processorOnly,
		engines: worker.engines
			.filter((engine) => engine !== 'cpu')
			.map((engine) => words.engines[engine] ?? engine)
			.join(', '),
		sandbox: worker.sandbox,
		version: worker.version
	};
}
