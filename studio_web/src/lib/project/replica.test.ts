import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { apply, emptyDoc, same, wire, type Doc } from './ops.ts';
import { dice, randomOperations, type Dice } from './fuzz.ts';
import { Replica, type Batch } from './replica.ts';

const shot = (id: string): GraphNode => ({ id, type: 'shot', x: 0, y: 0, parent: null, data: {} });
const add = (id: string): Operation => ({ op: 'node.add', node: shot(id) });
const set = (id: string, value: unknown, name = 'prompt'): Operation => ({ op: 'node.set', id, name, value });
const move = (id: string, x: number): Operation => ({ op: 'node.move', id, x, y: 0 });

interface Logged {
	revision: number;
	op_id: string | null;
	operations: readonly Operation[];
}

/** The server in small: orders batches, refuses some, makes others canonical, remembers op_ids. */
class Desk {
	log: Logged[] = [];
	doc: Doc = emptyDoc;
	answers = new Map<string, number | 'refused'>();

	submit(batch: Pick<Batch, 'op_id' | 'operations'>): number | 'refused' {
		const known = this.answers.get(batch.op_id);
		if (known !== undefined) return known;
		const operations = canonical(this.doc, batch.operations);
		const answer = operations ? this.publish(operations, batch.op_id) : 'refused';
		this.answers.set(batch.op_id, answer);
		return answer;
	}

	publish(operations: readonly Operation[], op_id: string | null = null): number {
		this.doc = apply(this.doc, operations);
		this.log.push({ revision: this.log.length + 1, op_id, operations });
		return this.log.length;
	}

	since(revision: number) {
		return this.log.slice(revision);
	}
}

/** `start` holds one wire; an edit that sets seed 13 is refused; a shot without a code gets one. */
function canonical(doc: Doc, operations: readonly Operation[]): Operation[] | undefined {
	const out: Operation[] = [];
	let at = doc;
	for (const operation of operations) {
		if (operation.op === 'node.set' && operation.value === 13) return undefined;
		let done = operation;
		if (operation.op === 'node.add' && operation.node.data.code === undefined)
			done = { op: 'node.add', node: { ...operation.node, data: { ...operation.node.data, code: '010' } } };
		if (operation.op === 'edge.add' && operation.edge.target_handle === 'start')
			for (const edge of at.edges.values())
				if (
					edge.target === operation.edge.target &&
					edge.target_handle === 'start' &&
					edge.id !== operation.edge.id
				)
					out.push({ op: 'edge.remove', id: edge.id });
		out.push(done);
		at = apply(doc, out);
	}
	return out;
}

const joined = () => {
	const replica = new Replica();
	replica.load(0, 'log', emptyDoc);
	return replica;
};
const label = (step: object) => ('label' in step ? step.label : undefined);
const deliver = (replica: Replica, desk: Desk) => {
	for (const one of desk.since(replica.revision))
		expect(['applied', 'mine']).toContain(replica.receive(one.revision, one.op_id, one.operations));
};
const send = (replica: Replica, desk: Desk) => {
	for (const batch of replica.unsent) {
		const answer = desk.submit(batch);
		if (answer === 'refused') replica.reject(batch.op_id);
		else replica.acknowledge(batch.op_id, answer);
	}
};

describe('Replica', () => {
	it('shows an edit at once and settles without new objects', () => {
		const desk = new Desk();
		const a = joined();
		desk.publish([{ op: 'node.add', node: { ...shot('a'), data: { code: '010' } } }]);
		deliver(a, desk);
		a.edit([set('a', 'fog')], { label: 'Prompt' });
		const seen = a.view.nodes.get('a');
		send(a, desk);
		expect(a.unsent).toHaveLength(0);
		deliver(a, desk);
		expect(a.pending).toHaveLength(0);
		expect(a.view.nodes.get('a')).toBe(seen);
		expect(a.confirmed).toBe(a.view);
	});

	it("takes the server's form of its own batch", () => {
		const desk = new Desk();
		const a = joined();
		a.edit([add('a'), add('b'), add('c')], { label: 'Add' });
		a.edit([{ op: 'edge.add', edge: wire('a', 'take', 'c', 'start') }], { label: 'Connect' });
		a.edit([{ op: 'edge.add', edge: wire('b', 'take', 'c', 'start') }], { label: 'Connect' });
		expect(a.view.edges.size).toBe(2);
		send(a, desk);
		deliver(a, desk);
		expect([...a.view.edges.keys()]).toEqual(['b.take>c.start']);
		expect(a.view.nodes.get('a')?.data.code).toBe('010');
	});

	it('rolls back a refused batch and forgets its undo step', () => {
		const desk = new Desk();
		const a = joined();
		a.edit([add('a')], { label: 'Add' });
		a.edit([set('a', 13, 'seed')], { label: 'Seed' });
		send(a, desk);
		deliver(a, desk);
		expect(a.view.nodes.get('a')?.data.seed).toBeUndefined();
		expect(a.history.undo.at(-1)?.label).toBe('Add');
	});

	it('asks for a sync on a gap and ignores what it has', () => {
		const a = joined();
		expect(a.receive(2, null, [add('a')])).toBe('gap');
		expect(a.receive(1, null, [add('a')])).toBe('applied');
		expect(a.receive(1, null, [add('b')])).toBe('old');
		expect([...a.view.nodes.keys()]).toEqual(['a']);
	});

	it('does not lose a batch whose acknowledgement came but whose event was cut off', () => {
		const desk = new Desk();
		const a = joined();
		a.edit([add('a')], { label: 'Add' });
		send(a, desk);
		expect(a.unsent).toHaveLength(0);
		expect(a.pending).toHaveLength(1);
		a.load(1, 'log', desk.doc);
		expect(a.pending).toHaveLength(0);
		expect(a.view.nodes.has('a')).toBe(true);
	});

	it('sends everything again when the server has a new log', () => {
		const desk = new Desk();
		const a = joined();
		a.edit([add('a')], { label: 'Add' });
		send(a, desk);
		a.load(7, 'another log', emptyDoc);
		expect(a.unsent).toHaveLength(1);
		expect(a.view.nodes.has('a')).toBe(true);
	});
});

describe('undo', () => {
	it('brings back a deleted node with its text and wires', () => {
		const a = joined();
		a.edit([add('a'), add('b'), { op: 'edge.add', edge: wire('a', 'take', 'b', 'start') }, set('a', 'fog')], {
			label: 'Add'
		});
		a.edit([{ op: 'node.remove', id: 'a' }], { label: 'Delete' });
		expect(label(a.undo())).toBe('Delete');
		expect(a.view.nodes.get('a')?.data.prompt).toBe('fog');
		expect(a.view.edges.size).toBe(1);
		a.redo();
		expect(a.view.nodes.has('a')).toBe(false);
	});

	it('takes back a burst of typing in one step, and a pause starts a new one', () => {
		const a = joined();
		a.edit([add('a')], { label: 'Add' });
		a.edit([set('a', 'f')], { label: 'Prompt', key: 'a.prompt' }, 0);
		a.edit([set('a', 'fo')], { label: 'Prompt', key: 'a.prompt' }, 500);
		a.edit([set('a', 'fog')], { label: 'Prompt', key: 'a.prompt' }, 9000);
		a.undo();
		expect(a.view.nodes.get('a')?.data.prompt).toBe('fo');
		a.undo();
		expect(a.view.nodes.get('a')?.data.prompt).toBeUndefined();
		a.redo();
		expect(a.view.nodes.get('a')?.data.prompt).toBe('fo');
	});

	it("takes back what the studio made on this person's order, and nothing else of the studio", () => {
		const a = joined();
		a.ordered.set('order', 'Script to film');
		a.receive(1, 'theirs', [add('x')]);
		a.receive(2, 'order', [add('a'), add('b'), { op: 'edge.add', edge: wire('a', 'take', 'b', 'start') }]);
		expect(label(a.undo())).toBe('Script to film');
		expect([...a.view.nodes.keys()]).toEqual(['x']);
		expect(a.view.edges.size).toBe(0);
		a.redo();
		expect(a.view.nodes.size).toBe(3);
	});

	it('never rewinds a colleague', () => {
		const a = joined();
		a.edit([add('a')], { label: 'Add' });
		a.receive(1, a.pending[0]?.op_id ?? null, a.pending[0]?.operations ?? []);
		a.edit([set('a', 'mine'), move('a', 5)], { label: 'Edit' });
		a.receive(2, a.pending[0]?.op_id ?? null, a.pending[0]?.operations ?? []);
		a.receive(3, null, [set('a', 'theirs')]);
		a.undo();
		expect(a.view.nodes.get('a')).toMatchObject({ x: 0, data: { prompt: 'theirs' } });
	});

	it('never takes back what the server did', () => {
		const a = joined();
		a.edit([add('a')], { label: 'Add' });
		a.receive(1, a.pending[0]?.op_id ?? null, a.pending[0]?.operations ?? []);
		a.edit([set('a', 'fog')], { label: 'Prompt' });
		a.receive(2, a.pending[0]?.op_id ?? null, a.pending[0]?.operations ?? []);
		a.receive(3, null, [set('a', 'SHOT-010_v01_take01', 'active_take')]);
		a.undo();
		expect(a.view.nodes.get('a')?.data).toEqual({ active_take: 'SHOT-010_v01_take01' });
	});

	it('takes back the choice of a take that was given other pictures in between meanwhile', () => {
		const a = joined();
		a.edit([add('a'), set('a', 'A', 'active_take')], { label: 'Add' });
		a.receive(1, a.pending[0]?.op_id ?? null, a.pending[0]?.operations ?? []);
		a.edit([set('a', 'B', 'active_take')], { label: 'Choose' });
		a.receive(2, a.pending[0]?.op_id ?? null, a.pending[0]?.operations ?? []);
		a.receive(3, null, [set('a', 'B-at-24', 'active_take'), set('a', 24, 'in:B-at-24')], 'between');
		a.undo();
		expect(a.view.nodes.get('a')?.data.active_take).toBe('A');
		a.redo();
		expect(a.view.nodes.get('a')?.data.active_take).toBe('B-at-24');
	});

	it('does not bring back what its maker retracted', () => {
		const a = joined();
		const done = [add('a')];
		a.edit([add('b')], { label: 'Add b' });
		a.edit(done, { label: 'Add a' });
		a.retract(done, [{ op: 'node.remove', id: 'a' }], 'Remove');
		expect(label(a.undo())).toBe('Add b');
		expect(a.view.nodes.size).toBe(0);
	});

	it('has nothing to do on a fresh board', () => {
		expect(joined().undo()).toEqual({ left: 0 });
		expect(joined().redo()).toEqual({ left: 0 });
	});
});

/** One page: a replica behind a network that loses, repeats and shuffles what passes. */
class Page {
	replica = joined();
	inbox: Logged[] = [];
	acks: [string, number | 'refused'][] = [];

	act(rnd: Dice) {
		const choice = rnd(10);
		if (choice < 7)
			this.replica.edit(randomOperations(rnd, 4), { label: 'Edit', ...(rnd(2) ? { key: 'k' } : {}) });
		else if (choice < 9) this.replica.undo();
		else this.replica.redo();
	}

	network(rnd: Dice, desk: Desk) {
		const batch = this.replica.unsent[0];
		if (batch && rnd(4)) {
			const answer = desk.submit(batch);
			if (rnd(3)) this.acks.push([batch.op_id, answer]);
		}
		if (this.acks.length && rnd(2)) {
			const [[op_id, answer] = ['', 'refused' as const]] = this.acks.splice(rnd(this.acks.length), 1);
			if (answer === 'refused') this.replica.reject(op_id);
			else this.replica.acknowledge(op_id, answer);
		}
		const next = desk.log[rnd(desk.log.length + 1)];
		if (next && rnd(3)) this.inbox.push(next);
		for (const one of desk.since(this.replica.revision).slice(0, rnd(3))) this.inbox.push(one);
		while (this.inbox.length && rnd(4)) {
			const [one] = this.inbox.splice(rnd(this.inbox.length), 1);
			if (one && this.replica.receive(one.revision, one.op_id, one.operations) === 'gap' && !rnd(3))
				this.sync(rnd, desk);
		}
	}

	sync(rnd: Dice, desk: Desk) {
		if (rnd(2)) deliver(this.replica, desk);
		else this.replica.load(desk.log.length, 'log', desk.doc);
	}
}

describe('several replicas', () => {
	it.each([1, 2, 3, 4, 5, 6])(
		'converge over a network that loses, repeats and reorders (seed %i)',
		(seed) => {
			const rnd = dice(seed * 7919);
			const desk = new Desk();
			const pages = [new Page(), new Page(), new Page()];
			for (let step = 0; step < 400; step++) {
				const page = pages[rnd(pages.length)] as Page;
				if (rnd(2)) page.act(rnd);
				page.network(rnd, desk);
				if (!rnd(20)) desk.publish(randomOperations(rnd, 2));
			}
			for (let round = 0; round < 3; round++)
				for (const page of pages) {
					page.sync(rnd, desk);
					send(page.replica, desk);
					deliver(page.replica, desk);
				}
			for (const page of pages) {
				deliver(page.replica, desk);
				expect(page.replica.pending).toHaveLength(0);
				expect(same(Object.fromEntries(page.replica.view.nodes), Object.fromEntries(desk.doc.nodes))).toBe(
					true
				);
				expect(same(Object.fromEntries(page.replica.view.edges), Object.fromEntries(desk.doc.edges))).toBe(
					true
				);
				expect(page.replica.confirmed).toBe(page.replica.view);
			}
			expect(desk.log.length).toBeGreaterThan(100);
		}
	);
});
