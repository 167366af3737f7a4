import { describe, expect, it } from 'vitest';
import type { ErrorBody } from '#lib/api/types.ts';
import { refusalOf } from './field-errors.ts';

const fields = ['title', 'quality'] as const;
const body = (field: string | null): ErrorBody => ({
	error: 'VALIDATION_ERROR',
	message: 'The title is too long',
	remediation: [],
	detail: '',
	context: { field },
	trace_id: ''
});

describe('refusalOf', () => {
	it.each(['title', 'body.title', 'project_settings.title', 'body/title'])(
		'puts %s at the title',
		(field) => {
			expect(refusalOf(body(field), fields)).toEqual({
				field: 'title',
				message: 'The title is too long',
				body: null
			});
		}
	);

	it.each([null, 'path', 'subtitle', ''])('keeps %j for the whole form', (field) => {
		const refusal = refusalOf(body(field), fields);
		expect(refusal.field).toBeNull();
		expect(refusal.body).toEqual(body(field));
	});
});
