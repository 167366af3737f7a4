import type { Operation } from '../api/types.ts';
import { compact, same, type Doc } from './ops.ts';

/**
 * What one person can undo: their own batches, newest last. Used by the replica only.
 *
 * Undo sends the inverse as a new batch. A field that someone else has written since is left alone, so it never
 * rewinds a colleague, and a finished take is not in here at all.
 */

export interface Step {
	readonly label: string;
	readonly done: readonly Operation[];
	readonly back: readonly Operation[];
	readonly key: string | undefined;
	readonly at: number;
}

const LIMIT = 200;
const BURST_MS = 2000;

export class History {
	#undo: Step[] = [];
	#redo: Step[] = [];

	get undoLabel(): string | undefined {
		return this.#undo.at(-1)?.label;
	}

	get redoLabel(): string | undefined {
		return this.#redo.at(-1)?.label;
	}

	record(step: Step): void {
		this.#redo = [];
		const top = this.#undo.at(-1);
		if (top && step.key !== undefined && top.key === step.key && step.at - top.at < BURST_MS) {
			this.#undo[this.#undo.length - 1] = {
				...step,
				done: compact([...top.done, ...step.done]),
				back: compact([...step.back, ...top.back])
			};
			return;
		}
		this.pushUndo(step);
	}

	pushUndo(step: Step): void {
		this.#undo.push(step);
		if (this.#undo.length > LIMIT) this.#undo.shift();
	}

	pushRedo(step: Step): void {
		this.#redo.push(step);
	}

	/** The newest step that still has something to take back, reduced to what is still mine. */
	takeUndo(doc: Doc): Step | undefined {
		return take(this.#undo, doc);
	}

	takeRedo(doc: Doc): Step | undefined {
		return take(this.#redo, doc);
	}

	/** Drops the step of a batch that the server refused or that its maker retracted. */
	forget(operations: readonly Operation[]): void {
		this.#undo = this.#undo.filter((step) => step.done !== operations);
	}
}

function take(steps: Step[], doc: Doc): Step | undefined {
	for (let step = steps.pop(); step; step = steps.pop()) {
		const { done } = step;
		const back = step.back.filter((operation) => stillMine(doc, done, operation));
		if (back.length) return { ...step, back };
	}
	return undefined;
}

function stillMine(doc: Doc, done: readonly Operation[], back: Operation): boolean {
	if (back.op !== 'node.set' && back.op !== 'node.move') return true;
	const node = doc.nodes.get(back.id);
	if (!node) return done.some((one) => one.op === 'node.remove' && one.id === back.id);
	const wrote = done.findLast(
		(one) =>
			one.op === back.op &&
			one.id === back.id &&
			(one.op !== 'node.set' || back.op !== 'node.set' || one.name === back.name)
	);
	if (wrote?.op === 'node.set') return same(node.data[wrote.name] ?? null, wrote.value ?? null);
	if (wrote?.op === 'node.move') return node.x === wrote.x && node.y === wrote.y;
	return true;
}
