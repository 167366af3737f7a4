import { describe, expect, it } from 'vitest';
import type { DurableEvent, Film, Take, Task } from '../api/types.ts';
import { Runs } from './runs.svelte.ts';

const task = (id: string, state: Task['state'], created_at = '2026-01-01T00:00:00Z'): Task => ({
	id,
	project_id: 'p',
	node_id: 'n1',
	kind: 'take',
	state,
	reason: '',
	pipeline: 'animatic',
	quality: 'standard',
	quality_requested: 'standard',
	progress: 0,
	step: '',
	error: null,
	take: null,
	film: null,
	delivery: null,
	attempt: 1,
	position: null,
	created_at,
	started_at: null,
	finished_at: null,
	elapsed_s: null,
	run: '',
	late: false,
	conforms: ''
});
const take = (number: number): Take => ({ name: `SHOT-010_v01_take0${number}`, version: 1, number }) as Take;
const head = { revision: 1, at: '', actor: 'system', op_id: null };
const event = (own: object) => ({ ...head, ...own }) as DurableEvent;

describe('Runs', () => {
	it('keeps the newest task of a node and forgets progress when it ends', () => {
		const runs = new Runs();
		runs.take(event({ event: 'server:node_state_updated', node_id: 'n1', task: task('t1', 'running') }));
		runs.progress({ task_id: 't1', node_id: 'n1', progress: 40, step: 'Drawing' });
		expect(runs.ticks.get('t1')).toEqual({ progress: 40, step: 'Drawing' });
		runs.progress({ task_id: 't1', node_id: 'n1', progress: 50, step: 'Drawing', preview: 'data:,a' });
		runs.progress({ task_id: 't1', node_id: 'n1', progress: 60, step: 'Drawing' });
		expect(runs.ticks.get('t1')?.preview).toBe('data:,a');
		expect(runs.active.map((one) => one.id)).toEqual(['t1']);
		runs.take(event({ event: 'server:task_failed', node_id: 'n1', task: task('t1', 'failed') }));
		expect(runs.ticks.size).toBe(0);
		expect(runs.active).toHaveLength(0);
		runs.progress({ task_id: 't1', node_id: 'n1', progress: 60, step: 'late' });
		expect(runs.ticks.size).toBe(0);
	});

	it('does not let an older task hide a newer one', () => {
		const runs = new Runs();
		runs.take(
			event({ event: 'server:node_state_updated', task: task('new', 'queued', '2026-01-02T00:00:00Z') })
		);
		runs.take(event({ event: 'server:task_failed', task: task('old', 'failed') }));
		expect(runs.ofNode.get('n1')?.id).toBe('new');
	});

	it('orders takes, lands each once, and takes the folder as the truth', () => {
		const runs = new Runs();
		const land = (one: Take) =>
			runs.take(
				event({
					event: 'server:task_success',
					node_id: 'n1',
					result: { take: one },
					task: task('t', 'succeeded')
				})
			);
		land(take(2));
		land(take(1));
		land(take(2));
		expect(runs.takes.get('n1')?.map((one) => one.number)).toEqual([1, 2]);
		runs.take(event({ event: 'server:takes_changed', node_id: 'n1', takes: [take(3)] }));
		expect(runs.takes.get('n1')?.map((one) => one.number)).toEqual([3]);
	});

	it('puts the newest film first and finds it by its assembler', () => {
		const runs = new Runs();
		const film = (name: string) => ({ name, node_id: 'n9' }) as Film;
		for (const name of ['one', 'two'])
			runs.take(
				event({
					event: 'server:task_success',
					node_id: 'n9',
					result: { film: film(name) },
					task: task(name, 'succeeded')
				})
			);
		expect(runs.filmOf('n9')?.name).toBe('two');
	});

	it('replaces everything on a full sync', () => {
		const runs = new Runs();
		runs.take(event({ event: 'server:node_state_updated', task: task('gone', 'queued') }));
		runs.load({ takes: { n1: [take(1)] }, tasks: [task('t1', 'queued')], assets: [], films: [] });
		expect([...runs.tasks.keys()]).toEqual(['t1']);
		expect(runs.takes.get('n1')).toHaveLength(1);
	});
});
