import { count } from './count.ts';

export const setup = {
	title: 'Setup',
	intro: 'What this machine has, what is missing, and what that means for your film.',
	refresh: 'Check again',
	checkedAt: (time: string) => `Checked at ${time}`,
	loading: 'Checking this machine',
	allWell: 'Everything the studio needs is here.',
	problems: (n: number) => `${count(n, 'thing needs', 'things need')} your attention`,
	checks: 'Checks',
	ok: 'OK',
	problem: 'Problem',
	advice: 'Advice',
	copyCommand: 'Copy the command',
	workers: 'Workers',
	workersText: 'A worker runs pipelines. Without one, generating waits.',
	noWorkers: 'No worker is connected. Shots that you generate now wait until one is.',
	sandboxes: {
		container: 'Pipelines run in containers',
		sandboxed: 'Pipelines run in a sandbox of their own, without a network',
		restricted: 'Pipelines see only their own job, and no network',
		process: 'Pipelines run as plain programs'
	} as Record<string, string>,
	processorOnly: 'Processor only, no graphics card',
	memory: (gb: number) => `${gb} GB graphics memory`,
	pipelines: 'Pipelines',
	pipelinesText: 'What can make a shot or a film here.',
	noPipelines: 'No pipeline is installed.',
	previz: 'Previz',
	previzMeans: 'For planning: not a finished picture',
	production: 'Production',
	productionMeans: 'Fit for the finished film',
	ready: 'Ready',
	unavailable: 'Not available',
	license: 'Licences',
	cannot: 'It cannot',
	qualities: 'Quality',
	calls: 'Calls these hosts',
	version: (v: string) => `Version ${v}`,
	engines: {
		cpu: 'Processor',
		cuda: 'NVIDIA graphics card',
		comfyui: 'ComfyUI',
		remote: 'Remote service'
	} as Record<string, string>
};
