import { expect, it } from 'vitest';
import type { Step } from './history.ts';
import { Journal, type Liveness } from './journal.ts';

/** Which tabs of the test are alive; the browser's locks belong to the page of the test itself. */
class Tabs implements Liveness {
	#held = new Set<string>();
	hold(name: string) {
		if (this.#held.has(name)) return Promise.resolve(undefined);
		this.#held.add(name);
		return Promise.resolve(() => void this.#held.delete(name));
	}
}

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
	const kept = new Map<string, string>();
	return {
		getItem: (key) => kept.get(key) ?? null,
		setItem: (key, value) => void kept.set(key, value)
	};
}

const step = (label: string): Step => ({
	label,
	parts: [{ op_id: label, done: [], back: [{ op: 'node.remove', id: label }], settled: true }],
	key: undefined,
	at: 1
});
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));
const project = () => crypto.randomUUID();

it('a reload finds what the page before it could undo and redo', async () => {
	const [id, tabs, tab] = [project(), new Tabs(), memory()];
	const first = await Journal.open(id, tabs, tab);
	expect(first.found).toBeUndefined();
	const [a, b] = [step('a'), step('b')];
	first.keep('log', { undo: [a], redo: [] });
	first.keep('log', { undo: [a, b], redo: [] });
	first.keep('log', { undo: [a], redo: [b] });
	await settled();
	first.close();
	const again = await Journal.open(id, tabs, tab);
	expect(again.found).toEqual({ log_id: 'log', undo: [a], redo: [b] });
	again.keep('log', { undo: [step('c')], redo: [] });
	await settled();
	again.close();
	const third = await Journal.open(id, tabs, tab);
	expect(third.found?.undo.map((one) => one.label)).toEqual(['c']);
	third.close();
});

it('a new tab takes the newest history whose tab is gone, and none of a living one', async () => {
	const [id, tabs] = [project(), new Tabs()];
	const open = async (label: string) => {
		const journal = await Journal.open(id, tabs, memory());
		journal.keep('log', { undo: [step(label)], redo: [] });
		await settled();
		return journal;
	};
	const one = await open('one');
	const two = await open('two');
	const three = await open('three');
	expect([one.found, two.found, three.found]).toEqual([undefined, undefined, undefined]);
	one.close();
	two.close();
	const next = await Journal.open(id, tabs, memory());
	expect(next.found?.undo[0]?.label).toBe('two');
	const last = await Journal.open(id, tabs, memory());
	expect(last.found?.undo[0]?.label).toBe('one');
	for (const journal of [three, next, last]) journal.close();
});

it('keeps the newest steps when there are more than a browser should hold', async () => {
	const [id, tabs, tab] = [project(), new Tabs(), memory()];
	const journal = await Journal.open(id, tabs, tab);
	const wide = (label: string): Step => ({
		...step(label),
		parts: [
			{ op_id: label, done: [], back: Array(15_000).fill({ op: 'node.remove', id: 'x' }), settled: true }
		]
	});
	journal.keep('log', { undo: ['a', 'b', 'c', 'd'].map(wide), redo: [] });
	await new Promise((resolve) => setTimeout(resolve, 600));
	journal.close();
	const again = await Journal.open(id, tabs, tab);
	expect(again.found?.undo.map((one) => one.label)).toEqual(['c', 'd']);
	again.close();
});
