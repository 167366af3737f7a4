import { describe, expect, it } from 'vitest';
import type { Operation } from '../api/types.ts';
import { dice, randomOperations, type Dice } from './fuzz.ts';
import { apply, docOf, emptyDoc, same, type Doc } from './ops.ts';
import { Replica, type Batch } from './replica.ts';

/**
 * Random histories of several people over a network that loses, doubles and reorders, against a studio that orders,
 * completes and refuses. A seed that fails is in the name of its test.
 */

interface Logged {
	revision: number;
	op_id: string;
	by: number;
	operations: readonly Operation[];
}

const MACHINE = -1;

/** The studio in small: one wire for `start`, no loops, a linked pair of cards, numbers, and refusals. */
class Desk {
	log: Logged[] = [];
	doc: Doc = emptyDoc;
	answers = new Map<string, number | 'refused'>();

	submit(batch: Pick<Batch, 'op_id' | 'operations'>, by: number): number | 'refused' {
		const known = this.answers.get(batch.op_id);
		if (known !== undefined) return known;
		const operations = completed(this.doc, batch.operations);
		const answer = operations ? this.publish(operations, by, batch.op_id) : 'refused';
		this.answers.set(batch.op_id, answer);
		return answer;
	}

	publish(operations: readonly Operation[], by = MACHINE, op_id: string = crypto.randomUUID()): number {
		this.doc = apply(this.doc, operations);
		this.log.push({ revision: this.log.length + 1, op_id, by, operations });
		return this.log.length;
	}
}

function completed(doc: Doc, operations: readonly Operation[]): Operation[] | undefined {
	const out: Operation[] = [];
	let at = doc;
	const say = (one: Operation) => {
		out.push(one);
		at = apply(at, [one]);
	};
	for (const one of operations) {
		if (one.op === 'node.set' && one.value === 13) return undefined;
		if (one.op === 'node.add' && one.node.data.code === undefined)
			say({ op: 'node.add', node: { ...one.node, data: { ...one.node.data, code: String(at.nodes.size) } } });
		else say(one);
		if (one.op === 'edge.add' && one.edge.target_handle === 'start')
			for (const edge of at.edges.values())
				if (
					edge.target === one.edge.target &&
					edge.target_handle === 'start' &&
					edge.id !== one.edge.id &&
					at.edges.has(one.edge.id)
				)
					say({ op: 'edge.remove', id: edge.id });
		// Cards e and f are linked: what is written in one is written in the other.
		if (one.op === 'node.set' && (one.id === 'e' || one.id === 'f'))
			say({ ...one, id: one.id === 'e' ? 'f' : 'e' });
	}
	return loops(at) && !loops(doc) ? undefined : out;
}

function loops(doc: Doc): boolean {
	const edges = [...doc.edges.values()];
	let left = [...doc.nodes.keys()];
	for (let before = -1; before !== left.length;) {
		before = left.length;
		left = left.filter((id) => edges.some((edge) => edge.target === id && left.includes(edge.source)));
	}
	return left.length > 0;
}

/** Where an operation writes, for asking who wrote there last. */
function slots(one: Operation): string[] {
	if (one.op === 'node.set') return [`${one.id} ${one.name}`];
	if (one.op === 'node.move') return [`${one.id} @`];
	if (one.op === 'node.add')
		return ['@', ...Object.keys(one.node.data)].map((name) => `${one.node.id} ${name}`);
	return [];
}

function valueOf(one: Operation, slot: string): unknown {
	const name = slot.slice(slot.indexOf(' ') + 1);
	if (one.op === 'node.set') return one.value ?? null;
	if (one.op === 'node.move') return [one.x, one.y];
	if (one.op !== 'node.add') return undefined;
	return name === '@' ? [one.node.x, one.node.y] : (one.node.data[name] ?? null);
}

class Person {
	replica = new Replica();
	inbox: Logged[] = [];
	acks: [string, number | 'refused'][] = [];
	undone = 0;

	constructor(
		readonly me: number,
		readonly desk: Desk,
		readonly rnd: Dice
	) {
		this.replica.load(0, 'log', emptyDoc);
		this.replica.history.holdsOne = (_card, input) => input === 'start';
	}

	act(): void {
		const choice = this.rnd(12);
		const burst = this.rnd(3) ? {} : { key: 'burst' };
		if (choice < 7) this.replica.edit(randomOperations(this.rnd, 4), { label: 'Edit', ...burst });
		else this.#travel(choice < 10 ? 'undo' : 'redo');
	}

	/** Undo and redo write only where nobody else has written later, as far as this page can know. */
	#travel(way: 'undo' | 'redo'): void {
		const last = new Map<string, number>();
		const values = new Map<string, string>();
		/** A card that is put back as it was is not written: whoever wrote its fields still did. */
		const note = (one: Operation, by: number) => {
			for (const slot of slots(one)) {
				const value = JSON.stringify(valueOf(one, slot));
				if (one.op !== 'node.add' || values.get(slot) !== value) last.set(slot, by);
				values.set(slot, value);
			}
		};
		for (const { operations, by } of this.desk.log.slice(0, this.replica.revision))
			for (const one of operations) note(one, by);
		for (const batch of this.replica.pending) for (const one of batch.operations) note(one, this.me);
		const before = this.replica.pending.length;
		if (!('label' in this.replica[way]())) return;
		this.undone++;
		for (const batch of this.replica.pending.slice(before))
			for (const one of batch.operations)
				if (one.op === 'node.set' || one.op === 'node.move')
					for (const slot of slots(one)) expect([slot, last.get(slot)]).toEqual([slot, this.me]);
	}

	network(): void {
		const { rnd, desk, replica } = this;
		const batch = replica.unsent[0];
		if (batch && rnd(4)) {
			const answer = desk.submit(batch, this.me);
			if (rnd(3)) this.acks.push([batch.op_id, answer]);
		}
		if (this.acks.length && rnd(2)) {
			const [[op_id, answer] = ['', 'refused' as const]] = this.acks.splice(rnd(this.acks.length), 1);
			this.#acked(op_id, answer);
		}
		for (const one of desk.log.slice(replica.revision).slice(0, rnd(4))) this.inbox.push(one);
		const stray = desk.log[rnd(desk.log.length + 1)];
		if (stray && !rnd(4)) this.inbox.push(stray);
		while (this.inbox.length && rnd(4)) {
			const [one] = this.inbox.splice(rnd(this.inbox.length), 1);
			if (one && this.#hear(one) === 'gap' && !rnd(3)) this.catchUp();
		}
	}

	/** After a broken line: what was missed, and once in a while everything. */
	catchUp(whole = false): void {
		const { desk, replica } = this;
		if (whole)
			replica.load(
				desk.log.length,
				'log',
				docOf({ nodes: Object.fromEntries(desk.doc.nodes), edges: Object.fromEntries(desk.doc.edges) })
			);
		else for (const one of desk.log.slice(replica.revision)) this.#hear(one);
	}

	finish(): void {
		for (const batch of this.replica.unsent) this.#acked(batch.op_id, this.desk.submit(batch, this.me));
		this.catchUp();
	}

	#hear(one: Logged) {
		return this.replica.receive(
			one.revision,
			one.op_id,
			one.operations,
			one.by === MACHINE ? 'machine' : 'person'
		);
	}

	#acked(op_id: string, answer: number | 'refused'): void {
		if (answer === 'refused') this.replica.reject(op_id);
		else this.replica.acknowledge(op_id, answer);
	}
}

const boards = (doc: Doc) => [Object.fromEntries(doc.nodes), Object.fromEntries(doc.edges)];

function expectValid(doc: Doc): void {
	const taken = new Set<string>();
	for (const edge of doc.edges.values()) {
		expect(doc.nodes.has(edge.source) && doc.nodes.has(edge.target)).toBe(true);
		if (edge.target_handle !== 'start') continue;
		expect(taken.has(edge.target)).toBe(false);
		taken.add(edge.target);
	}
	expect(loops(doc)).toBe(false);
}

const seeds = Array.from({ length: 24 }, (_, n) => 7001 + n * 7919);

describe('random histories', () => {
	it.each(seeds)('end with the same valid board for everybody, and nobody is rewound (seed %i)', (seed) => {
		const rnd = dice(seed);
		const desk = new Desk();
		const people = [0, 1, 2].map((me) => new Person(me, desk, rnd));
		for (let step = 0; step < 500; step++) {
			const person = people[rnd(people.length)] as Person;
			if (rnd(2)) person.act();
			person.network();
			if (!rnd(25))
				desk.publish([{ op: 'node.set', id: 'abcdef'[rnd(6)] ?? 'a', name: 'active_take', value: rnd(9) }]);
		}
		for (let round = 0; round < 2; round++) for (const person of people) person.finish();
		expectValid(desk.doc);
		for (const { replica } of people) {
			expect(replica.pending).toHaveLength(0);
			expect(same(boards(replica.view), boards(desk.doc))).toBe(true);
		}
		expect(people.reduce((sum, person) => sum + person.undone, 0)).toBeGreaterThan(20);
	});

	it.each(seeds.slice(0, 8))('also where pages take everything anew in between (seed %i)', (seed) => {
		const rnd = dice(seed);
		const desk = new Desk();
		const people = [0, 1].map((me) => new Person(me, desk, rnd));
		for (let step = 0; step < 300; step++) {
			const { replica } = people[rnd(2)] as Person;
			const choice = rnd(10);
			if (choice < 5) replica.edit(randomOperations(rnd, 4), { label: 'Edit' });
			else if (choice < 7) replica.undo();
			else if (choice < 8) replica.redo();
			const person = people[rnd(2)] as Person;
			person.network();
			if (!rnd(15)) person.catchUp(true);
		}
		for (let round = 0; round < 2; round++) for (const person of people) person.finish();
		expectValid(desk.doc);
		for (const { replica } of people) expect(same(boards(replica.view), boards(desk.doc))).toBe(true);
	});

	it.each(seeds)('undo and redo are the way there and back when nobody else acts (seed %i)', (seed) => {
		const rnd = dice(seed);
		const desk = new Desk();
		const person = new Person(0, desk, rnd);
		for (let step = 0; step < 40; step++) {
			person.replica.edit(randomOperations(rnd, 4), { label: 'Edit' });
			if (rnd(3)) person.finish();
		}
		person.finish();
		const there = boards(person.replica.view);
		const count = 1 + rnd(20);
		let back = 0;
		for (let n = 0; n < count; n++) if ('label' in person.replica.undo()) back++;
		if (rnd(2)) person.finish();
		for (let n = 0; n < back; n++) person.replica.redo();
		person.finish();
		expect(same(boards(person.replica.view), there)).toBe(true);
		expect(same(boards(desk.doc), there)).toBe(true);
		expect(back).toBeGreaterThan(0);
	});
});
