import type { GraphEdge, GraphNode, Operation } from '../api/types.ts';
import { compact, Draft, nodesOf, same, type Doc } from './ops.ts';

/**
 * What one person can undo: their own steps, newest last. Used by the replica only; pages keep it by `journal.ts`.
 *
 * Undo sends the inverse as a new batch. What somebody else has written since is left alone, so it never rewinds a
 * colleague; a landed take is never taken back. Steps are values: one that changes is another object.
 */

/** One batch of a step, as the server carried it out once it is settled. */
export interface Part {
	readonly op_id: string;
	readonly done: readonly Operation[];
	readonly back: readonly Operation[];
	readonly settled: boolean;
}

export interface Step {
	readonly label: string;
	readonly parts: readonly Part[];
	readonly key: string | undefined;
	readonly at: number;
	/** Made by an earlier page: what others did meanwhile is not known, so values are compared. */
	readonly old?: true;
}

/** What can be taken back of a step, and whether something of it was left alone because others changed it since. */
export interface Taken {
	readonly step: Step;
	readonly back: readonly Operation[];
}

/** Whether an input of a card holds one wire only; the catalogue knows. */
export type HoldsOne = (card: GraphNode, input: string) => boolean;

const LIMIT = 200;
const BURST_MS = 2000;

export class History {
	undo: readonly Step[] = [];
	redo: readonly Step[] = [];
	holdsOne: HoldsOne = () => false;

	/** Adds a batch. Bursts with the same key become one step; with `whole` no matter how long they take. */
	record(label: string, part: Part, at: number, key?: string, whole = false): void {
		this.redo = [];
		const top = this.undo.at(-1);
		const joins = key !== undefined && top?.key === key && (whole || at - top.at < BURST_MS);
		if (top && joins)
			this.undo = [...this.undo.slice(0, -1), { ...top, label, at, parts: joined([...top.parts, part]) }];
		else this.push('undo', { label, parts: [part], key, at });
	}

	push(to: 'undo' | 'redo', step: Step): void {
		this[to] = [...this[to], step].slice(-LIMIT);
	}

	/** Takes the newest step that still has something to take back; `left` counts those that others wrote over. */
	take(from: 'undo' | 'redo', doc: Doc): { taken: Taken | undefined; left: number } {
		for (let left = 0; ; left++) {
			const step = this[from].at(-1);
			if (!step) return { taken: undefined, left };
			this[from] = this[from].slice(0, -1);
			const back = feasible(step, doc, this.holdsOne);
			if (back.length) return { taken: { step, back }, left };
		}
	}

	/** The server carried a batch out, perhaps in another form. Undo then takes back what really happened. */
	settle(op_id: string, how?: Pick<Part, 'done' | 'back'>): void {
		this.#each(
			(part) => (part.op_id === op_id ? { ...part, ...how, settled: true } : part),
			(part) => part.op_id === op_id
		);
	}

	/** Drops a batch that the server refused. */
	forget(op_id: string): void {
		this.#each(
			() => undefined,
			(part) => part.op_id === op_id
		);
	}

	/** Drops the steps that made these nodes: their maker took them back for good. */
	disown(ids: ReadonlySet<string>): void {
		const makes = (one: Operation) => one.op === 'node.add' && ids.has(one.node.id);
		this.undo = this.undo.filter((step) => !step.parts.some((part) => part.done.some(makes)));
	}

	/**
	 * Somebody else wrote: those fields, places and wires are no longer mine to take back. A card that a person has
	 * touched since I made it stays; what machines write holds no card.
	 */
	yield(operations: readonly Operation[], person: boolean): void {
		if (!this.undo.length && !this.redo.length) return;
		const theirs = new Writes(operations, person);
		this.#each(
			(part) => {
				const back = part.back.filter((one) => theirs.leaves(one, part.done));
				return back.length === part.back.length ? part : { ...part, back };
			},
			(part) => part.settled && theirs.meets(part)
		);
	}

	/**
	 * What an earlier page left goes below what was done here. Batches of it that are still on their way are known by
	 * their op_id: `waiting` are those the studio has not confirmed.
	 */
	adopt(undo: readonly Step[], redo: readonly Step[], waiting: ReadonlySet<string>): void {
		const left = new Set([...undo, ...redo].flatMap((step) => step.parts.map((part) => part.op_id)));
		const here = new Map(this.undo.flatMap((step) => step.parts.map((part) => [part.op_id, part] as const)));
		const old = (step: Step): Step => ({
			...step,
			old: true,
			parts: step.parts.map((part) => {
				const known = here.get(part.op_id);
				return known?.settled ? known : { ...part, settled: !waiting.has(part.op_id) };
			})
		});
		const mine = this.undo.filter((step) => !step.parts.some((part) => left.has(part.op_id)));
		if (!mine.length && !this.redo.length) this.redo = redo.map(old);
		this.undo = [...undo.map(old), ...mine].slice(-LIMIT);
	}

	#each(change: (part: Part) => Part | undefined, meant: (part: Part) => boolean): void {
		const through = (steps: readonly Step[]) => {
			if (!steps.some((step) => step.parts.some(meant))) return steps;
			return steps.flatMap((step) => {
				if (!step.parts.some(meant)) return [step];
				const parts = step.parts.flatMap((part) => (meant(part) ? (change(part) ?? []) : part));
				return parts.length ? [{ ...step, parts: joined(parts) }] : [];
			});
		};
		this.undo = through(this.undo);
		this.redo = through(this.redo);
	}
}

/** Neighbours that are settled become one, so that a minute of typing is no longer than its last word. */
function joined(parts: readonly Part[]): readonly Part[] {
	const out: Part[] = [];
	for (const part of parts) {
		const last = out.at(-1);
		if (last?.settled && part.settled)
			out[out.length - 1] = {
				...part,
				done: compact([...last.done, ...part.done]),
				back: compact([...part.back, ...last.back])
			};
		else out.push(part);
	}
	return out;
}

/** What others wrote, as a question: does it leave this operation of mine alone? */
class Writes {
	#slots = new Set<string>();
	#held = new Set<string>();
	#ids = new Set<string>();
	#added = new Map<string, Extract<Operation, { op: 'node.add' }>['node']>();

	constructor(operations: readonly Operation[], person: boolean) {
		for (const one of operations) {
			for (const id of nodesOf(one)) {
				this.#ids.add(id);
				if (person && one.op !== 'node.remove') this.#held.add(id);
			}
			if (one.op === 'node.add') this.#added.set(one.node.id, one.node);
			else if (one.op === 'node.set') this.#slots.add(`${one.id} ${one.name}`);
			else if (one.op === 'node.move') this.#slots.add(one.id);
			else if (one.op === 'edge.add') this.#slots.add(one.edge.id);
			else if (one.op === 'edge.remove') this.#slots.add(one.id);
		}
	}

	meets(part: Part): boolean {
		return part.back.some((one) => nodesOf(one).some((id) => this.#ids.has(id)));
	}

	leaves(back: Operation, done: readonly Operation[]): boolean {
		switch (back.op) {
			case 'node.set': {
				const added = this.#added.get(back.id);
				if (this.#slots.has(`${back.id} ${back.name}`)) return false;
				return !added || same(added.data[back.name] ?? null, written(done, back.id, back.name));
			}
			case 'node.move':
				return !this.#slots.has(back.id) && !this.#added.has(back.id);
			case 'node.add':
				return !this.#added.has(back.node.id);
			case 'node.remove':
				return !this.#held.has(back.id);
			case 'edge.add':
				return !this.#slots.has(back.edge.id);
			case 'edge.remove':
				return !this.#slots.has(back.id);
		}
	}
}

function written(done: readonly Operation[], id: string, name: string): unknown {
	const wrote = done.findLast((one) => one.op === 'node.set' && one.id === id && one.name === name);
	return wrote?.op === 'node.set' ? (wrote.value ?? null) : null;
}

/** The operations that take a step back on this board, without those that make no sense on it any more. */
function feasible(step: Step, doc: Doc, holdsOne: HoldsOne, loops = false): Operation[] {
	const at = new Draft(doc);
	const out: Operation[] = [];
	let wires = 0;
	for (const part of [...step.parts].reverse())
		for (const one of part.back) {
			if (step.old && !stillMine(at, part.done, one)) continue;
			if (one.op === 'node.add' && at.nodes.has(one.node.id)) continue;
			if (one.op === 'edge.add') {
				if (!hasRoom(at, one.edge, holdsOne) || (loops && feeds(at, one.edge))) continue;
				wires++;
			}
			if (at.carryOut(one)) out.push(one);
		}
	// A colleague's wire may have made my old one a loop. Looked for once, and wire by wire only if there is one.
	return wires && !loops && hasLoop(at) ? feasible(step, doc, holdsOne, true) : out;
}

function hasRoom(at: Draft, { target, target_handle }: GraphEdge, holdsOne: HoldsOne): boolean {
	const card = at.nodes.get(target);
	return !card || !holdsOne(card, target_handle) || at.wiresInto(target, target_handle).length === 0;
}

/** Whether a wire's target feeds its source already. */
function feeds(at: Draft, edge: GraphEdge): boolean {
	const seen = new Set<string>();
	const waiting = [edge.source];
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		if (id === edge.target) return true;
		if (seen.has(id)) continue;
		seen.add(id);
		for (const wire of at.wiresOf(id)) if (wire.target === id) waiting.push(wire.source);
	}
	return false;
}

function hasLoop(at: Draft): boolean {
	const into = new Map<string, number>();
	const after = new Map<string, string[]>();
	for (const { source, target } of at.edges.values()) {
		into.set(target, (into.get(target) ?? 0) + 1);
		const list = after.get(source);
		if (list) list.push(target);
		else after.set(source, [target]);
	}
	const free = [...after.keys()].filter((id) => !into.get(id));
	let left = at.edges.size;
	for (let id = free.pop(); id !== undefined; id = free.pop())
		for (const next of after.get(id) ?? []) {
			left--;
			const count = (into.get(next) ?? 0) - 1;
			into.set(next, count);
			if (count === 0) free.push(next);
		}
	return left > 0;
}

/** Set by machines, so that they say nothing about whether a person has touched the card. */
const machine = new Set(['active_take']);

/** For steps of an earlier page: whether the board still has what the step wrote. */
function stillMine(at: Draft, done: readonly Operation[], back: Operation): boolean {
	if (back.op !== 'node.set' && back.op !== 'node.move' && back.op !== 'node.remove') return true;
	const node = at.nodes.get(back.id);
	if (!node) return false;
	if (back.op === 'node.set') {
		const wrote = done.findLast(
			(one) => one.op === 'node.set' && one.id === back.id && one.name === back.name
		);
		return wrote?.op !== 'node.set' || same(node.data[wrote.name] ?? null, wrote.value ?? null);
	}
	if (back.op === 'node.move') {
		const wrote = done.findLast((one) => one.op === 'node.move' && one.id === back.id);
		return wrote?.op !== 'node.move' || (node.x === wrote.x && node.y === wrote.y);
	}
	const made = new Draft({ nodes: new Map(), edges: new Map() });
	for (const one of done) if (one.op !== 'edge.add') made.carryOut(one);
	const mine = made.nodes.get(back.id);
	const fields = (data: object) => Object.entries(data).filter(([name]) => !machine.has(name));
	return (
		mine === undefined ||
		(mine.x === node.x &&
			mine.y === node.y &&
			same(Object.fromEntries(fields(mine.data)), Object.fromEntries(fields(node.data))))
	);
}
