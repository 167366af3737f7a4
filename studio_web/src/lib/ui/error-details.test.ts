import { expect, it } from 'vitest';
import { errorDetails } from './error-details.ts';

const at = new Date('2026-11-20T13:04:05Z');

it('names everything that finds a failure again', () => {
	const text = errorDetails(
		{
			error: 'PIPELINE_FAILED',
			message: 'The pipeline stopped',
			remediation: ['Try again.'],
			detail: 'exit status 3',
			context: { task_id: 't1', node_id: 'n_1', field: null },
			trace_id: 'abc123'
		},
		at,
		'/p/1'
	);
	expect(text).toBe(
		[
			'Code: PIPELINE_FAILED',
			'Message: The pipeline stopped',
			'Detail: exit status 3',
			'Node: n_1',
			'Task: t1',
			'Trace: abc123',
			'Time: 2026-11-20T13:04:05.000Z',
			'Page: /p/1'
		].join('\n')
	);
});

it('leaves out what is not known', () => {
	const text = errorDetails(
		{ error: 'UNREACHABLE', message: 'No answer', remediation: [], detail: '', context: {}, trace_id: '' },
		at,
		'/'
	);
	expect(text.split('\n').map((line) => line.split(':')[0])).toEqual(['Code', 'Message', 'Time', 'Page']);
});
