import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { apply, difference, docOf, emptyDoc, same, wire, type Doc } from './ops.ts';
import { dice, randomOperations } from './fuzz.ts';
import { Replica } from './replica.ts';

const shot = (id: string, data = {}): GraphNode => ({ id, type: 'shot', x: 0, y: 0, parent: null, data });
const add = (id: string, data = {}): Operation => ({ op: 'node.add', node: shot(id, data) });
const set = (id: string, value: unknown, name = 'prompt'): Operation => ({ op: 'node.set', id, name, value });
const cut = (id: string): Operation => ({ op: 'node.remove', id });
const join = (from: string, to: string): Operation => ({
	op: 'edge.add',
	edge: wire(from, 'take', to, 'start')
});

/** A page alone with its server, which takes everything as it is unless told otherwise. */
class Desk {
	page = new Replica();
	revision = 0;
	constructor() {
		this.page.load(0, 'log', emptyDoc);
	}
	mine(...operations: Operation[]) {
		this.page.edit(operations, { label: 'Edit' });
		return this.confirm();
	}
	confirm(as?: Operation[]) {
		for (const batch of this.page.pending)
			this.page.receive(++this.revision, batch.op_id, as ?? batch.operations);
		return this;
	}
	theirs(...operations: Operation[]) {
		this.page.receive(++this.revision, null, operations);
		return this;
	}
	machines(...operations: Operation[]) {
		this.page.receive(++this.revision, null, operations, 'machine');
		return this;
	}
	undo() {
		const did = this.page.undo();
		this.confirm();
		return did;
	}
	prompt(id = 'a') {
		return this.page.view.nodes.get(id)?.data.prompt;
	}
}

describe('what is still mine', () => {
	it('a field that somebody wrote since stays theirs, even with the value I had written', () => {
		const desk = new Desk().mine(add('a', { prompt: 'first' })).mine(set('a', 'mine'));
		desk.theirs(set('a', 'other')).theirs(set('a', 'mine'));
		const did = desk.undo();
		expect(desk.prompt()).toBe('mine');
		expect(did).toEqual({ left: 2 });
	});

	it('undo goes back to what a colleague wrote just before me, not to what I saw', () => {
		const desk = new Desk().mine(add('a', { prompt: 'first' }));
		desk.page.edit([set('a', 'mine')], { label: 'Edit' });
		desk.theirs(set('a', 'theirs')).confirm();
		desk.undo();
		expect(desk.prompt()).toBe('theirs');
	});

	it('a card that a colleague works on is not taken away under them, one that only got a take is', () => {
		const desk = new Desk().mine(add('a')).mine(add('b'));
		desk.theirs(set('a', 'theirs')).machines(set('b', 'T1', 'active_take'));
		desk.undo();
		desk.undo();
		expect([...desk.page.view.nodes.keys()]).toEqual(['a']);
	});

	it('a colleague who wires my card holds it too', () => {
		const desk = new Desk().mine(add('a')).theirs(add('z')).theirs(join('a', 'z'));
		expect(desk.undo()).toEqual({ left: 1 });
		expect(desk.page.view.edges.size).toBe(1);
	});

	it('a wire does not take the place that a colleague gave to another', () => {
		const desk = new Desk();
		desk.page.history.holdsOne = () => true;
		desk.mine(add('a'), add('b'), add('c')).mine(join('a', 'c'));
		desk.mine({ op: 'edge.remove', id: wire('a', 'take', 'c', 'start').id }).theirs(join('b', 'c'));
		desk.undo();
		expect([...desk.page.view.edges.keys()]).toEqual(['b.take>c.start']);
	});

	it('what comes back leaves out the wire that would now make a loop', () => {
		const desk = new Desk().mine(add('a'), add('b'), join('a', 'b')).mine(cut('a'));
		desk.theirs(add('c'), join('b', 'c'));
		desk.page.undo();
		desk.confirm();
		expect(desk.page.view.edges.size).toBe(2);
		desk.mine({ op: 'edge.remove', id: 'a.take>b.start' }, set('b', 'x')).theirs(join('c', 'a'));
		expect(desk.page.undo()).toMatchObject({ left: 0 });
		expect(desk.prompt('b')).toBeUndefined();
		expect(desk.page.view.edges.has('a.take>b.start')).toBe(false);
	});

	it('takes back what the server made of a batch, the wire it cut included', () => {
		const desk = new Desk().mine(add('a'), add('b'), add('c'), join('a', 'c'));
		desk.page.edit([join('b', 'c')], { label: 'Connect' });
		desk.confirm([join('b', 'c'), { op: 'edge.remove', id: 'a.take>c.start' }]);
		desk.undo();
		expect([...desk.page.view.edges.keys()]).toEqual(['a.take>c.start']);
	});

	it('what changed while this page heard nothing is not mine either; a number from the studio is nobody’s', () => {
		const desk = new Desk().mine(add('a', { prompt: 'x' })).mine(add('b'));
		desk.page.edit([set('a', 'mine')], { label: 'Edit' });
		desk.confirm();
		const nodes = { a: shot('a', { prompt: 'theirs' }), b: shot('b', { code: '020' }) };
		desk.page.load(9, 'log', docOf({ nodes, edges: {} }));
		expect(desk.page.undo()).toMatchObject({ label: 'Edit', left: 1 });
		expect([...desk.page.view.nodes.keys()]).toEqual(['a']);
	});
});

describe('steps', () => {
	it('a refused part of a burst is dropped, the rest can be taken back', () => {
		const desk = new Desk().mine(add('a'));
		for (const text of ['0', '02', '020'])
			desk.page.edit([set('a', text, 'code')], { label: 'Code', key: 'a code' }, 1);
		const [first, second, third] = desk.page.pending;
		desk.page.receive(++desk.revision, first?.op_id ?? '', first?.operations ?? []);
		desk.page.receive(++desk.revision, second?.op_id ?? '', second?.operations ?? []);
		desk.page.reject(third?.op_id ?? '');
		expect(desk.page.view.nodes.get('a')?.data.code).toBe('02');
		desk.undo();
		expect(desk.page.view.nodes.get('a')?.data.code).toBeUndefined();
		expect(desk.page.history.undo).toHaveLength(1);
	});

	it('a burst that is through is no longer than its last word', () => {
		const desk = new Desk().mine(add('a'));
		for (let n = 0; n < 50; n++) {
			desk.page.edit([set('a', `word ${n}`)], { label: 'Prompt', key: 'a' }, n);
			desk.confirm();
		}
		expect(desk.page.history.undo.at(-1)?.parts).toHaveLength(1);
		desk.undo();
		expect(desk.prompt()).toBeUndefined();
	});

	it('what is too much for one batch goes out in several and is one step, there and back', () => {
		const desk = new Desk();
		for (let n = 0; n < 3; n++)
			desk.page.edit(
				Array.from({ length: 2000 }, (_, k) => add(`n${n * 2000 + k}`)),
				{ label: 'Paste', key: 'paste', whole: true },
				n * 60_000
			);
		desk.confirm();
		expect(desk.page.history.undo).toHaveLength(1);
		desk.page.undo();
		expect(desk.page.view.nodes.size).toBe(0);
		expect(desk.page.pending).toHaveLength(3);
		desk.confirm();
		desk.page.redo();
		expect(desk.page.view.nodes.size).toBe(6000);
	});

	it('those of an earlier page are taken back where the board still has what they wrote', () => {
		const before = new Desk()
			.mine(add('a', { prompt: 'x' }))
			.mine(add('b'))
			.mine(set('a', 'y'));
		before.mine(set('b', 'mine')).undo();
		const { undo, redo } = before.page.history;
		const open = (doc: Doc) => {
			const desk = new Desk();
			desk.page.load(9, 'log', doc);
			desk.revision = 9;
			desk.page.adoptHistory(undo, redo);
			return desk;
		};
		const same = open(before.page.view);
		expect(same.page.redo()).toMatchObject({ label: 'Edit' });
		expect(same.prompt('b')).toBe('mine');
		for (let n = 0; n < 4; n++) expect(same.page.undo()).toMatchObject({ label: 'Edit' });
		expect(same.page.view.nodes.size).toBe(0);
		const changed = open(apply(before.page.view, [set('a', 'theirs'), set('b', 'theirs')]));
		expect(changed.page.undo()).toEqual({ left: 3 });
	});

	it('edits that an earlier page could not send can be taken back once they are through', () => {
		const page = new Replica();
		const operations = [set('a', 'typed')];
		page.adopt([{ op_id: 'op', operations, label: 'Prompt' }]);
		page.load(1, 'log', docOf({ nodes: { a: shot('a', { prompt: 'old' }) }, edges: {} }));
		page.receive(2, 'op', operations);
		expect(page.undo()).toMatchObject({ label: 'Prompt' });
		expect(page.view.nodes.get('a')?.data.prompt).toBe('old');
	});
});

it.each([11, 12, 13, 14, 15])('the difference makes one board into another (seed %i)', (seed) => {
	const rnd = dice(seed * 104_729);
	let before = emptyDoc;
	for (let n = 0; n < 60; n++) {
		const after = apply(before, randomOperations(rnd, 12));
		const made = apply(before, difference(before, after));
		expect(same(Object.fromEntries(made.nodes), Object.fromEntries(after.nodes))).toBe(true);
		expect([...made.edges.keys()].sort()).toEqual([...after.edges.keys()].sort());
		before = after;
	}
});
