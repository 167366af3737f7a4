import type { ErrorBody } from './types.ts';

/**
 * The only place that speaks HTTP to the studio. Called by pages and state classes; it decides nothing and
 * shows nothing, it turns every failure into one `ApiError` that carries a sentence for a person.
 */

const BASE = '/api/v1';
const SIGN_IN = '/sign-in';

/** A failed request. `status` is 0 when no answer came at all. */
export class ApiError extends Error {
	readonly body: ErrorBody;
	readonly status: number;

	constructor(body: ErrorBody, status: number) {
		super(body.message);
		this.name = 'ApiError';
		this.body = body;
		this.status = status;
	}
}

/** The error body a person sees for anything that was thrown. */
export function errorBody(thrown: unknown): ErrorBody {
	if (thrown instanceof ApiError) return thrown.body;
	return madeHere('INTERNAL', 'Something went wrong in this page', ['Reload the page.'], String(thrown));
}

export function madeHere(error: string, message: string, remediation: string[], detail = ''): ErrorBody {
	return { error, message, remediation, detail, context: {}, trace_id: '' };
}

/** True when the value has the shape of an error body (an ack or an answer of the studio). */
export function isErrorBody(value: unknown): value is ErrorBody {
	return (
		typeof value === 'object' &&
		value !== null &&
		typeof (value as ErrorBody).error === 'string' &&
		typeof (value as ErrorBody).message === 'string'
	);
}

export const unreachable = (detail: string) =>
	new ApiError(
		madeHere(
			'UNREACHABLE',
			'The studio does not answer',
			['Check that the studio is running.', 'This page goes on by itself when it is back.'],
			detail
		),
		0
	);

export function complete(value: unknown, status: number, text: string): ErrorBody {
	if (isErrorBody(value)) {
		return {
			error: value.error,
			message: value.message,
			remediation: value.remediation ?? [],
			detail: value.detail ?? '',
			context: value.context ?? {},
			trace_id: value.trace_id ?? ''
		};
	}
	return madeHere(
		'INTERNAL',
		`The studio answered in a way this page does not understand (${status})`,
		['Reload the page.', 'If the studio was just updated, restart it.'],
		text.slice(0, 500)
	);
}

export function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
	let response: Response;
	try {
		response = await fetch(BASE + path, {
			method,
			credentials: 'same-origin',
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			...(signal ? { signal } : {})
		});
	} catch (thrown) {
		if (signal?.aborted) throw thrown;
		throw unreachable(String(thrown));
	}
	if (response.status === 401 && location.pathname !== SIGN_IN)
		location.assign(`${SIGN_IN}?to=${encodeURIComponent(location.pathname)}`);
	const text = await response.text();
	const value = parsed(text);
	if (!response.ok) throw new ApiError(complete(value, response.status, text), response.status);
	if (value === undefined && text !== '') {
		throw new ApiError(complete(undefined, response.status, text), response.status);
	}
	return value as T;
}

/** Sends one file, see upload.ts: fetched when the first one is sent. */
async function upload<T>(
	path: string,
	file: File,
	onprogress?: (part: number) => void,
	signal?: AbortSignal,
	bare = false
): Promise<T> {
	const part = await import('./upload.ts').catch((thrown: unknown) => {
		throw unreachable(String(thrown));
	});
	return part.upload<T>(BASE + path, file, onprogress, signal, bare);
}

/** Paths are relative to `/api/v1` and begin with a slash. */
export const api = {
	get: <T>(path: string, signal?: AbortSignal) => request<T>('GET', path, undefined, signal),
	post: <T>(path: string, body: unknown = {}, signal?: AbortSignal) => request<T>('POST', path, body, signal),
	put: <T>(path: string, body: unknown, signal?: AbortSignal) => request<T>('PUT', path, body, signal),
	patch: <T>(path: string, body: unknown, signal?: AbortSignal) => request<T>('PATCH', path, body, signal),
	delete: (path: string) => request<void>('DELETE', path),
	upload
};
