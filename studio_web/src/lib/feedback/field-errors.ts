/** Puts a server's refusal where it belongs: at the field that it names, or above the form. Pure. */
import type { ErrorBody } from '#lib/api/types.ts';

export interface Refusal<F extends string> {
	field: F | null;
	message: string;
	/** The whole body when no field of this form is to blame. */
	body: ErrorBody | null;
}

/** A server may name a field by its path (`body.title`, `project_settings.title`): the last part counts. */
export function refusalOf<F extends string>(body: ErrorBody, fields: readonly F[]): Refusal<F> {
	const named = body.context.field?.split(/[./]/).at(-1);
	const field = fields.find((name) => name === named) ?? null;
	return { field, message: body.message, body: field === null ? body : null };
}
