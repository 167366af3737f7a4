/** What the studio says about a worker, read with care: a worker of another version may say less. Pure. */
import type { Worker } from '#lib/api/types.ts';
import { m } from '#lib/i18n/messages.ts';

export interface WorkerFacts {
	name: string;
	state: 'idle' | 'busy' | 'gone';
	machine: string;
	engines: string[];
	version: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function workerFacts(worker: Worker): WorkerFacts {
	const vram = typeof worker.vram_gb === 'number' ? worker.vram_gb : 0;
	const gpu = text(worker.gpu);
	const gone =
		worker.alive === false || worker.online === false || worker.ok === false || worker.state === 'gone';
	const busy =
		worker.busy === true ||
		text(worker.job_id) !== '' ||
		text(worker.task_id) !== '' ||
		worker.state === 'busy';
	return {
		name: text(worker.host) || worker.id,
		state: gone ? 'gone' : busy ? 'busy' : 'idle',
		machine: vram > 0 ? [gpu, m.setup.memory(vram)].filter(Boolean).join(', ') : gpu || m.setup.processorOnly,
		engines: Array.isArray(worker.engines) ? worker.engines.map(String) : [],
		version: text(worker.version)
	};
}
