/** What a worker says of itself, in words. Every worker in the list is connected; one that is gone is not in it. Pure. */
import type { Worker } from '#lib/api/types.ts';
import { m } from '#lib/i18n/messages.ts';

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
		machine: vram > 0 ? [gpu, m.setup.memory(vram)].filter(Boolean).join(', ') : gpu || m.setup.processorOnly,
		engines: worker.engines
			.filter((engine) => engine !== 'cpu')
			.map((engine) => m.setup.engines[engine] ?? engine)
			.join(', '),
		sandbox: worker.sandbox,
		version: worker.version
	};
}
