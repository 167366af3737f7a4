import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DurableEvent, Task } from '#lib/api/types.ts';
import type { Session } from '#lib/project/session.svelte.ts';
import { Ends } from './ends.ts';
import { wish } from './wishes.ts';

/** What the system was asked to show. */
const shown: string[] = [];

class Notice {
	static permission = 'granted';
	constructor(title: string) {
		shown.push(title);
	}
}

let hidden = true;

beforeEach(() => {
	vi.stubGlobal('Notification', Notice);
	vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
	hidden = true;
	shown.length = 0;
	document.title = 'Salt';
	wish({ notice: true, sound: false });
});

afterEach(() => {
	hidden = false;
	document.dispatchEvent(new Event('visibilitychange'));
	vi.unstubAllGlobals();
});

function ends(): Ends {
	const session = { id: 'p', sent: ['mine'], doc: { nodes: new Map() }, project: { title: 'Salt' } };
	return new Ends(session as unknown as Session, { catalog: () => undefined, show: () => undefined });
}

const task = (id: string, state: string, run = '') => ({ id, node_id: `n_${id}`, state, run }) as Task;
const moved = (one: Task, op_id: string | null = null) =>
	({ event: 'server:node_state_updated', op_id, task: one }) as DurableEvent;
const landed = (one: Task) => ({ event: 'server:task_success', op_id: null, task: one }) as DurableEvent;
const failed = (one: Task) => ({ event: 'server:task_failed', op_id: null, task: one }) as DurableEvent;

test('a run is told once, when the last of it has ended', () => {
	const here = ends();
	here.take(moved(task('a', 'queued', 'r'), 'mine'));
	here.take(moved(task('b', 'waiting', 'r')));
	here.take(moved(task('x', 'queued', 'others')));
	here.take(landed(task('a', 'succeeded', 'r')));
	here.take(landed(task('x', 'succeeded', 'others')));
	expect(shown).toEqual([]);
	here.take(failed(task('b', 'failed', 'r')));
	expect(shown).toEqual(['1 done, 1 failed']);
	expect(document.title).toBe('(1) Salt');
	hidden = false;
	document.dispatchEvent(new Event('visibilitychange'));
	expect(document.title).toBe('Salt');
});

test('a single shot is told by its name, and not to whoever looks', () => {
	const here = ends();
	here.take(moved(task('a', 'queued'), 'mine'));
	here.take(landed(task('a', 'succeeded')));
	hidden = false;
	here.take(moved(task('b', 'queued'), 'mine'));
	here.take(landed(task('b', 'succeeded')));
	expect(shown).toEqual(['n_a is done']);
});

test('what was canceled is not told, nor what nobody wants told', () => {
	const here = ends();
	here.take(moved(task('a', 'queued'), 'mine'));
	here.take(moved(task('a', 'canceled')));
	expect(document.title).toBe('Salt');
	wish({ notice: false });
	here.take(moved(task('b', 'queued'), 'mine'));
	here.take(failed(task('b', 'failed')));
	expect(shown).toEqual([]);
	expect(document.title).toMatch(/^\(\d\) Salt$/);
});
