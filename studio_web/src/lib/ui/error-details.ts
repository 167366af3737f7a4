/** An error as text for a bug report: everything an operator needs to find it again. Pure. */
import type { ErrorBody } from '#lib/api/types.ts';

export function errorDetails(body: ErrorBody, at: Date, page: string): string {
	const { task_id, node_id, field } = body.context;
	const rows: [string, string | null | undefined][] = [
		['Code', body.error],
		['Message', body.message],
		['Detail', body.detail],
		['Field', field],
		['Node', node_id],
		['Task', task_id],
		['Trace', body.trace_id],
		['Time', at.toISOString()],
		['Page', page]
	];
	return rows
		.filter(([, value]) => value !== null && value !== undefined && value !== '')
		.map(([name, value]) => `${name}: ${value}`)
		.join('\n');
}
