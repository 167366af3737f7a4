import { describe, expect, it } from 'vitest';
import type { ErrorBody, GraphNode, Operation } from '../api/types.ts';
import type { Line } from './line.ts';
import { Session } from './session.svelte.ts';
import type { Kept, Shelf } from './shelf.ts';

const shot = (id: string): GraphNode => ({ id, type: 'shot', x: 0, y: 0, parent: null, data: {} });
const add = (id: string): Operation => ({ op: 'node.add', node: shot(id) });
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
const head = { at: '', actor: 'a' };

/** A line whose server end is the test. */
class TestLine implements Line {
	listeners = new Map<string, (payload: never) => void>();
	up: () => void = () => {};
	down: (refusal: ErrorBody | undefined) => void = () => {};
	sent: { command: string; payload: Record<string, unknown> }[] = [];
	answer: (command: string, payload: Record<string, unknown>) => unknown = () => ({ revision: 0 });
	told: { command: string; payload: Record<string, unknown> }[] = [];
	restarts = 0;
	on(event: string, listener: (payload: never) => void) {
		this.listeners.set(event, listener);
	}
	rest: (takes: Record<string, never[]>) => void = () => {};
	onTakes(listener: (takes: Record<string, never[]>) => void) {
		this.rest = listener;
	}
	onUp(listener: () => void) {
		this.up = listener;
	}
	onDown(listener: (refusal: ErrorBody | undefined) => void) {
		this.down = listener;
	}
	async send(command: string, payload: unknown) {
		if (command === 'client:presence') {
			this.tell(command, payload);
			return { id: 'me', colour: '#0090ff' };
		}
		this.sent.push({ command, payload: payload as Record<string, unknown> });
		const answer = await this.answer(command, payload as Record<string, unknown>);
		if (answer === 'lost') throw new Error('timeout');
		return answer;
	}
	tell(command: string, payload: unknown) {
		this.told.push({ command, payload: payload as Record<string, unknown> });
	}
	again() {
		this.restarts++;
		this.down(undefined);
	}
	close() {}
	emit(event: string, payload: unknown) {
		this.listeners.get(event)?.(payload as never);
	}
}

/** A browser's storage as the session sees it. */
class TestShelf implements Shelf {
	kept: Kept | undefined;
	full = false;
	take() {
		return this.kept;
	}
	put(kept: Kept) {
		this.kept = this.full ? undefined : kept;
		return !this.full;
	}
}

function fullSync(
	line: TestLine,
	revision = 0,
	nodes: Record<string, GraphNode> = {},
	log_id = 'log',
	more: Record<string, unknown> = {}
) {
	line.emit('server:full_sync', {
		log_id,
		revision,
		project: { id: 'p', title: 'Fog' },
		graph: { nodes, edges: {} },
		takes: {},
		tasks: [],
		assets: [],
		films: [],
		queue: { paused: false, paused_by: '', all_paused_by: '', order: [], estimates: {}, machines: [] },
		state: { ok: true },
		...more
	});
	return { log_id, revision, mode: 'full' };
}

async function open() {
	const line = new TestLine();
	let revision = 0;
	line.answer = (command) => (command === 'client:sync_request' ? fullSync(line) : { revision: ++revision });
	const refused: string[] = [];
	const session = new Session('p', line, { onrefused: (error) => refused.push(error.message) });
	line.up();
	await soon();
	return { line, session, refused };
}

describe('Session', () => {
	it('loads everything on the first sync', async () => {
		const { session, line } = await open();
		expect(session.link).toBe('live');
		expect(session.loaded).toBe(true);
		expect(line.sent[0]).toEqual({ command: 'client:sync_request', payload: {} });
	});

	it('counts as saved when the acknowledgement is in', async () => {
		const { session } = await open();
		session.edit([add('a')], { label: 'Add' });
		expect(session.unsaved).toBe(1);
		expect(session.doc.nodes.has('a')).toBe(true);
		await soon();
		expect(session.unsaved).toBe(0);
	});

	it('sends one batch after the other, and a command after all of them', async () => {
		const { session, line } = await open();
		let waiting = 0;
		let most = 0;
		let revision = 0;
		line.answer = async () => {
			most = Math.max(most, ++waiting);
			await soon();
			waiting--;
			return { revision: ++revision, task_id: 't1' };
		};
		session.edit([add('a')], { label: 'Add' });
		const answer = session.command('client:start_generation', { node_id: 'a' });
		session.edit([{ op: 'node.set', id: 'a', name: 'prompt', value: 'fog' }], { label: 'Prompt' });
		expect(await answer).toMatchObject({ task_id: 't1' });
		expect(line.sent.slice(1).map((one) => one.command)).toEqual([
			'client:apply_operations',
			'client:apply_operations',
			'client:start_generation'
		]);
		expect(most).toBe(1);
	});

	it.each([0, 1, 2, 3, 4, 5, 6, 8])(
		'sends a command that is asked for %i moments after the one before was answered',
		async (moments) => {
			const { session } = await open();
			const ask = (node_id: string) => session.command('client:start_generation', { node_id });
			const both = (async () => {
				await ask('a');
				for (let moment = 0; moment < moments; moment++) await Promise.resolve();
				await ask('b');
				return 'answered';
			})();
			expect(await Promise.race([both, soon().then(() => 'stuck')])).toBe('answered');
		}
	);

	it('keeps offline edits and sends them again with the same op_id', async () => {
		const { session, line } = await open();
		line.answer = () => 'lost';
		session.edit([add('a')], { label: 'Add' });
		await soon();
		expect(session.link).toBe('offline');
		expect(line.restarts).toBe(1);
		session.edit([add('b')], { label: 'Add' });
		expect(session.unsaved).toBe(2);
		let revision = 0;
		line.answer = (command) =>
			command === 'client:sync_request'
				? { revision: 0, log_id: 'log', mode: 'events' }
				: { revision: ++revision };
		line.up();
		await soon();
		const edits = line.sent
			.filter((one) => one.command === 'client:apply_operations')
			.map((one) => one.payload.op_id);
		expect(edits).toHaveLength(3);
		expect(edits[0]).toBe(edits[1]);
		expect(session.unsaved).toBe(0);
		expect(line.sent.findLast((one) => one.command === 'client:sync_request')?.payload).toEqual({
			revision: 0,
			log_id: 'log'
		});
	});

	describe('when the page goes before the studio has answered', () => {
		/** Opens a page on what an earlier one left; its server answers as told. */
		async function reopen(shelf: TestShelf, answer: TestLine['answer'], revision = 0) {
			const line = new TestLine();
			line.answer = (command, payload) =>
				command === 'client:sync_request' ? fullSync(line, revision) : answer(command, payload);
			const refused: string[] = [];
			const adopted: [number, boolean][] = [];
			const events = {
				onrefused: (error: ErrorBody) => refused.push(error.message),
				onadopted: (count: number, moved: boolean) => adopted.push([count, moved])
			};
			const session = new Session('p', line, events, shelf);
			const early = session.unsaved;
			line.up();
			await soon();
			return { line, session, refused, adopted, early };
		}

		async function left() {
			const shelf = new TestShelf();
			const { session, line } = await reopen(shelf, () => 'lost');
			session.edit([add('a')], { label: 'Add' });
			await soon();
			session.edit([{ op: 'node.set', id: 'a', name: 'prompt', value: 'fog' }], { label: 'Prompt' });
			expect(session.kept).toBe(true);
			session.close();
			return { shelf, sent: line.sent.find((one) => one.command === 'client:apply_operations')?.payload };
		}

		it('the next page shows them, sends them under the same op_ids, and clears the shelf', async () => {
			const { shelf, sent } = await left();
			let revision = 0;
			const { line, session, adopted } = await reopen(shelf, () => ({ revision: ++revision }));
			const edits = line.sent.filter((one) => one.command === 'client:apply_operations');
			expect(edits.map((one) => one.payload.label)).toEqual(['Add', 'Prompt']);
			expect(edits[0]?.payload.op_id).toBe(sent?.op_id);
			expect(session.doc.nodes.get('a')?.data.prompt).toBe('fog');
			expect([session.unsaved, shelf.kept?.batches, adopted]).toEqual([0, [], [[2, false]]]);
		});

		it('they outlive a second page that finds no studio either', async () => {
			const { shelf } = await left();
			const { early } = await reopen(shelf, () => 'lost');
			expect(early).toBe(2);
			expect(shelf.kept?.batches).toHaveLength(2);
		});

		it('what the studio refuses is dropped, and said', async () => {
			const { shelf } = await left();
			const { session, refused, adopted } = await reopen(
				shelf,
				() => ({ error: 'GRAPH_INVALID', message: 'This would make a loop' }),
				7
			);
			expect(refused).toHaveLength(2);
			expect([session.doc.nodes.size, shelf.kept?.batches, adopted]).toEqual([0, [], [[2, true]]]);
		});

		it('says when nothing can be kept', async () => {
			const shelf = new TestShelf();
			shelf.full = true;
			const { session } = await reopen(shelf, () => 'lost');
			session.edit([add('a')], { label: 'Add' });
			expect(session.kept).toBe(false);
		});
	});

	it('rolls back a refused edit and says what the server said', async () => {
		const { session, line, refused } = await open();
		line.answer = () => ({ error: 'GRAPH_INVALID', message: 'This would make a loop' });
		session.edit([add('a')], { label: 'Add' });
		await soon();
		expect(session.doc.nodes.size).toBe(0);
		expect(refused).toEqual(['This would make a loop']);
	});

	it('keeps an edit that the studio cannot take right now, and sends it when it can', async () => {
		const { session, line, refused } = await open();
		line.answer = () => ({ error: 'PROJECT_MISSING', message: 'The folder is gone' });
		session.edit([add('a')], { label: 'Add' });
		const command = session.command('client:start_generation', { node_id: 'a' });
		expect(await command).toMatchObject({ error: 'PROJECT_MISSING' });
		expect(session.doc.nodes.has('a')).toBe(true);
		expect([session.unsaved, session.held?.message, refused]).toEqual([1, 'The folder is gone', []]);
		await soon();
		line.answer = () => ({ revision: 1 });
		line.emit('server:project_state', { ok: true });
		await soon();
		expect([session.unsaved, session.held]).toEqual([0, undefined]);
		expect(line.sent.filter((one) => one.command === 'client:start_generation')).toHaveLength(0);
		session.close();
	});

	it('syncs on a gap and applies the operations of any event', async () => {
		const { session, line } = await open();
		line.answer = () => {
			line.emit('server:events', {
				log_id: 'log',
				events: [
					{
						event: 'server:graph_patched',
						revision: 1,
						op_id: null,
						operations: [add('a')],
						label: null,
						...head
					},
					{
						event: 'server:task_success',
						revision: 2,
						op_id: null,
						node_id: 'a',
						task_id: 't',
						result: {},
						task: { id: 't', node_id: 'a', created_at: '' },
						operations: [{ op: 'node.set', id: 'a', name: 'active_take', value: 'T1' }],
						...head
					}
				]
			});
			return { log_id: 'log', revision: 2, mode: 'events' };
		};
		line.emit('server:graph_patched', { revision: 2, op_id: null, operations: [], ...head });
		await soon();
		expect(session.revision).toBe(2);
		expect(session.doc.nodes.get('a')?.data.active_take).toBe('T1');
		expect(session.undo()).toEqual({ left: 0 });
	});

	it('takes a full sync when the server has another log', async () => {
		const { session, line } = await open();
		line.answer = () => fullSync(line, 4, { z: shot('z') }, 'new log');
		line.emit('server:head', { revision: 0, log_id: 'new log' });
		await soon();
		expect([...session.doc.nodes.keys()]).toEqual(['z']);
	});

	it('says why a project cannot be opened, and refuses commands while offline', async () => {
		const line = new TestLine();
		line.answer = () => ({ error: 'NOT_FOUND', message: 'There is no such project' });
		const session = new Session('p', line);
		expect(await session.command('client:cancel_task', { task_id: 't' })).toMatchObject({ error: 'OFFLINE' });
		line.up();
		await soon();
		expect(session.closedBy?.message).toBe('There is no such project');
	});
});

describe('a large project', () => {
	const take = (name: string) => ({ name, version: 1, number: 1 }) as never;

	it('is shown with the takes in sight, the others follow, and then only what happened since is asked for', async () => {
		const line = new TestLine();
		const session = new Session('p', line);
		fullSync(line, 3, { a: shot('a'), b: shot('b') }, 'log', { takes: { a: [take('a1')] }, whole: false });
		expect(session.loaded).toBe(true);
		expect(session.runs.takes.get('b')).toBeUndefined();
		line.rest({ a: [], b: [take('b1')] });
		expect(session.runs.takes.get('a')).toHaveLength(1);
		expect(session.runs.takes.get('b')).toHaveLength(1);
		line.up();
		await soon();
		expect(line.sent[0]?.payload).toEqual({ revision: 3, log_id: 'log' });
	});

	it('asks for everything where the others did not come', async () => {
		const line = new TestLine();
		const session = new Session('p', line);
		fullSync(line, 3, { a: shot('a') }, 'log', { takes: {}, whole: false });
		line.up();
		await soon();
		expect(line.sent[0]?.payload).toEqual({});
		fullSync(line, 4, { a: shot('a') }, 'log', { takes: { a: [take('a1')] } });
		expect(session.runs.takes.get('a')).toHaveLength(1);
		line.rest({ a: [] });
		expect(session.runs.takes.get('a')).toHaveLength(1);
	});
});

it('sends a change of any size, in as many batches as the studio takes, as one step of undo', async () => {
	const line = new TestLine();
	const ids = Array.from({ length: 4500 }, (_, n) => `n${n}`);
	let revision = 0;
	line.answer = (command) =>
		command === 'client:sync_request'
			? fullSync(line, 0, Object.fromEntries(ids.map((id) => [id, shot(id)])))
			: { revision: ++revision };
	const session = new Session('p', line);
	line.up();
	await soon();
	session.edit(
		ids.map((id): Operation => ({ op: 'node.move', id, x: 7, y: 0 })),
		{ label: 'Moved', key: 'move' }
	);
	expect([...session.doc.nodes.values()].every((node) => node.x === 7)).toBe(true);
	expect(session.steps.undo.map((step) => step.label)).toEqual(['Moved']);
	await expect.poll(() => line.sent.filter((one) => 'operations' in one.payload).length).toBe(3);
	session.undo();
	expect([...session.doc.nodes.values()].every((node) => node.x === 0)).toBe(true);
	session.close();
});
