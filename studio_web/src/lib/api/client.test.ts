import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, ApiError, errorBody, isErrorBody } from './client.ts';

function answering(status: number, text: string) {
	const calls: [string, RequestInit][] = [];
	vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
		calls.push([url, init]);
		return new Response(text, { status });
	});
	return calls;
}

afterEach(() => vi.unstubAllGlobals());

describe('api', () => {
	it('speaks to /api/v1 and gives the parsed answer', async () => {
		const calls = answering(200, '[{"id":"p1"}]');
		expect(await api.get('/projects')).toEqual([{ id: 'p1' }]);
		expect(calls[0]?.[0]).toBe('/api/v1/projects');
	});

	it('sends JSON bodies', async () => {
		const calls = answering(201, '{"id":"p1"}');
		await api.post('/projects', { title: 'Fog' });
		expect(calls[0]?.[1].body).toBe('{"title":"Fog"}');
		expect(calls[0]?.[1].headers).toEqual({ 'content-type': 'application/json' });
	});

	it('throws the error body of the studio as it is', async () => {
		answering(
			415,
			'{"error":"UNSUPPORTED_MEDIA","message":"No.","remediation":["Export as MP4."],"detail":"x","trace_id":"t"}'
		);
		const thrown = await api.get('/projects').catch((e: unknown) => e);
		expect(thrown).toBeInstanceOf(ApiError);
		expect((thrown as ApiError).status).toBe(415);
		expect((thrown as ApiError).body.remediation).toEqual(['Export as MP4.']);
		expect((thrown as ApiError).body.context).toEqual({});
	});

	it('says in plain words that the studio does not answer', async () => {
		vi.stubGlobal('fetch', async () => {
			throw new TypeError('Failed to fetch');
		});
		const thrown = await api.get('/projects').catch((e: unknown) => e);
		expect(errorBody(thrown)).toMatchObject({ error: 'UNREACHABLE', message: 'The studio does not answer' });
	});

	it('does not pass on an answer that is not JSON', async () => {
		answering(200, '<html>proxy</html>');
		await expect(api.get('/projects')).rejects.toBeInstanceOf(ApiError);
		answering(502, '<html>proxy</html>');
		await expect(api.get('/projects')).rejects.toMatchObject({ status: 502 });
	});
});

describe('isErrorBody', () => {
	it('tells an ack from an error', () => {
		expect(isErrorBody({ revision: 3 })).toBe(false);
		expect(isErrorBody({ error: 'GRAPH_INVALID', message: 'x' })).toBe(true);
	});
});
