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

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Read with care: a worker of another version may say less. */
export function workerFacts(worker: Worker): WorkerFacts {
	const vram = typeof worker.vram_gb === 'number' ? worker.vram_gb : 0;
	const gpu = text(worker.gpu);
	const engines = Array.isArray(worker.engines) ? worker.engines.map(String) : [];
	return {
		name: text(worker.host) || worker.id,
		machine: vram > 0 ? [gpu, m.setup.memory(vram)].filter(Boolean).join(', ') : gpu || m.setup.processorOnly,
		engines: engines
			.filter((engine) => engine !== 'cpu')
			.map((engine) => m.setup.engines[engine] ?? engine)
			.join(', '),
		sandbox: text(worker.sandbox),
		version: text(worker.version)
	};
}
