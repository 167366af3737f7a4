import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Person } from '../api/types.ts';
import type { Line } from './line.ts';
import { person } from './person.svelte.ts';
import { Presence } from './presence.svelte.ts';

const ben: Person = { id: 'ben', colour: '#30a46c', name: 'Ben', cursor: null, editing: null, selected: [] };

/** A line whose server end is the test. */
class TestLine implements Line {
	told: Record<string, unknown>[] = [];
	answer: () => Promise<unknown> = () => Promise.resolve({ id: 'me', colour: '#0090ff' });
	hear: (payload: never) => void = () => {};
	on(_event: string, listener: (payload: never) => void) {
		this.hear = listener;
	}
	onUp() {}
	onTakes() {}
	onDown() {}
	send(_command: string, payload: unknown) {
		this.told.push(payload as Record<string, unknown>);
		return this.answer();
	}
	tell(_command: string, payload: unknown) {
		this.told.push(payload as Record<string, unknown>);
	}
	again() {}
	close() {}
	people(...people: Person[]) {
		this.hear({ people } as never);
	}
}

describe('Presence', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('knows the others and leaves out itself', async () => {
		const line = new TestLine();
		const presence = new Presence(line);
		line.people({ ...ben, id: 'me', name: person.name });
		await presence.up();
		expect([presence.others, presence.colour]).toEqual([[], '#0090ff']);
		line.people({ ...ben, id: 'me', name: person.name }, ben);
		expect(presence.others).toEqual([ben]);
		presence.down();
		expect(presence.others).toEqual([]);
	});

	it('tells what is new twenty times a second at most, the last state always', async () => {
		const line = new TestLine();
		const presence = new Presence(line);
		await presence.up();
		for (let x = 0; x < 100; x++) {
			presence.tell({ cursor: { x, y: 0 } });
			vi.advanceTimersByTime(5);
		}
		vi.advanceTimersByTime(100);
		expect(line.told.length).toBeGreaterThan(8);
		expect(line.told.length).toBeLessThan(13);
		expect(line.told.at(-1)).toMatchObject({ cursor: { x: 99, y: 0 }, editing: null });
		const before = line.told.length;
		presence.tell({ cursor: { x: 99, y: 0 } });
		vi.advanceTimersByTime(100);
		expect(line.told.length).toBe(before);
	});

	it('is silent offline, and says hello again with everything when the line is back', async () => {
		const line = new TestLine();
		const presence = new Presence(line);
		presence.tell({ selected: Array.from({ length: 80 }, (_, n) => `n_${n}`) });
		vi.advanceTimersByTime(100);
		expect(line.told).toEqual([]);
		line.answer = () => Promise.reject(new Error('lost'));
		await presence.up();
		presence.tell({ editing: { node_id: 'n_1', field: 'prompt' } });
		vi.advanceTimersByTime(100);
		expect(line.told).toHaveLength(1);
		line.answer = () => Promise.resolve({ id: 'me', colour: '#0090ff' });
		await presence.up();
		expect(line.told.at(-1)).toMatchObject({ editing: { node_id: 'n_1', field: 'prompt' } });
		expect(line.told.at(-1)?.selected).toHaveLength(50);
	});

	it('has a friendly name until somebody gives another', async () => {
		expect(person.name).toMatch(/^Guest [A-Z][a-z]+$/);
		const line = new TestLine();
		const presence = new Presence(line);
		await presence.up();
		presence.rename(`  Ana ${'x'.repeat(60)}`);
		vi.advanceTimersByTime(100);
		expect(line.told.at(-1)?.name).toBe(`Ana ${'x'.repeat(36)}`);
		presence.rename(' ');
		expect(presence.name).toMatch(/^Guest /);
	});
});
