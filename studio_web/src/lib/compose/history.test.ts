import { describe, expect, it } from 'vitest';
import type { Asset, GraphNode, PipelineType, Take, Task } from '../api/types.ts';
import { recall } from './again.ts';
import { historyOf } from './history.ts';

const task = (id: string, node: string, state: Task['state'], at: number, take: string | null = null): Task =>
	({ id, node_id: node, state, kind: 'take', take, created_at: `2026-01-01T00:00:0${at}Z` }) as Task;
const take = (name: string, at: number, task_id: string | null = null): Take =>
	({ name, task_id, created_at: `2026-01-01T00:00:0${at}Z` }) as Take;
const shot = { id: 's1', type: 'shot', data: {} } as unknown as GraphNode;

describe('the history of runs', () => {
	it('holds takes, what is under way, and what failed last, newest first and each once', () => {
		const failed = task('t3', 's2', 'failed', 5);
		const tasks = [
			task('t1', 's1', 'succeeded', 1, 'a'),
			task('t2', 's1', 'running', 4),
			task('t0', 's2', 'failed', 0),
			failed
		];
		const entries = historyOf(new Map([['s1', shot]]), {
			takes: new Map([['s1', [take('a', 2, 't1'), take('by hand', 3)]]]),
			tasks: new Map(tasks.map((one) => [one.id, one])),
			ofNode: new Map([
				['s1', tasks[1] as Task],
				['s2', failed]
			])
		} as unknown as Parameters<typeof historyOf>[1]);
		expect(entries.map((entry) => entry.take?.name ?? entry.task?.id)).toEqual(['t3', 't2', 'by hand', 'a']);
		expect(entries[0]).toMatchObject({ node: undefined, shot: 's2' });
	});
});

it('shows a take once that was given the film’s frame rate, and no run of its own for that', () => {
	const conformed = { ...take('b', 3), oid: 'two', recipe: { conformed: { take: 'a', oid: 'one' } } };
	const takes = [{ ...take('a', 2), oid: 'one' }, conformed];
	const between = { ...task('t1', 's1', 'running', 4), conforms: 'a' };
	const runs = { takes: new Map([['s1', takes]]), tasks: new Map([['t1', between]]), ofNode: new Map() };
	const entries = historyOf(new Map([['s1', shot]]), runs as unknown as Parameters<typeof historyOf>[1]);
	expect(entries.map((entry) => entry.take?.name ?? entry.task?.id)).toEqual(['b']);
});

it('leaves out what processes a clip', () => {
	const source = { id: 'm1', type: 'motion', data: {} } as unknown as GraphNode;
	const runs = { takes: new Map([['m1', [take('map', 1)]]]), tasks: new Map(), ofNode: new Map() };
	expect(historyOf(new Map([['m1', source]]), runs as unknown as Parameters<typeof historyOf>[1])).toEqual(
		[]
	);
});

describe('use again', () => {
	const pipeline = {
		id: 'p',
		modes: ['animate', 'audio'],
		inputs: [
			{ name: 'still', role: 'ground-truth' },
			{ name: 'voice', role: 'audio' }
		]
	} as PipelineType;
	const recipe = (inputs: [string, string][]) =>
		({
			recipe: {
				params: { prompt: 'Rain.', seconds: 2 },
				seed: 9,
				inputs: inputs.map(([socket, oid]) => ({ socket, oid, name: `${oid}.x` }))
			}
		}) as unknown as Take;
	const assets = [
		{ id: 'a1', oid: 'one' },
		{ id: 'a2', oid: 'two' }
	] as Asset[];

	it('finds the files by their bytes and the mode by what they are for', () => {
		const back = recall(
			recipe([
				['still', 'one'],
				['voice', 'two']
			]),
			pipeline,
			assets
		);
		expect(back).toEqual({
			mode: 'audio',
			prompt: 'Rain.',
			files: { 'ground-truth': ['a1'], audio: ['a2'] },
			fields: { seconds: 2 },
			seed: 9,
			lost: []
		});
	});

	it('names what is gone, and knows nothing of a take without a recipe', () => {
		expect(recall(recipe([['still', 'gone']]), pipeline, assets)).toMatchObject({
			mode: 'animate',
			lost: ['gone.x']
		});
		expect(recall({ recipe: null } as Take, pipeline, assets)).toBeUndefined();
	});
});
