import { expect, test, vi } from 'vitest';
import { api } from '../api/client.ts';
import type { Project } from '../api/types.ts';
import type { Session } from '../project/session.svelte.ts';
import { Orders } from './orders.ts';

test('settings changed in one breath are each based on the one before', async () => {
	const session = { project: { id: 'p', version: 1 } as Project } as Session;
	const orders = new Orders(session);
	const sent: unknown[] = [];
	const patch = vi.spyOn(api, 'patch').mockImplementation(async (_path, body) => {
		sent.push(body);
		await new Promise((done) => setTimeout(done, 5));
		return { ...session.project, version: (session.project?.version ?? 0) + 1 };
	});
	const both = [orders.setProject({ when_full: 'queue' }), orders.setProject({ quality: 'low' })];
	expect(await Promise.all(both)).toEqual([true, true]);
	expect(sent).toEqual([
		{ when_full: 'queue', version: 1 },
		{ quality: 'low', version: 2 }
	]);
	patch.mockRestore();
});
