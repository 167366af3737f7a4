import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { projectWords } from './en/forecast.ts';

const pipelines = new URL('../../../../pipelines/', import.meta.url);

it('has a word for every task that a pipeline of the studio makes', () => {
	const tasks = readdirSync(pipelines)
		.map((name) => new URL(`${name}/pipeline.json`, pipelines))
		.filter((manifest) => existsSync(manifest))
		.map((manifest) => (JSON.parse(readFileSync(manifest, 'utf8')) as { task: string }).task);
	expect(tasks.length).toBeGreaterThan(10);
	expect(tasks.filter((task) => !(task in projectWords.tasks))).toEqual([]);
});
