import { expect, it } from 'vitest';
import type { GraphNode, Operation } from '../api/types.ts';
import { apply, docOf, type Doc } from './ops.ts';
import { Replica } from './replica.ts';

/** Linked cards in two replicas: the studio adds to a batch what the other card follows with; the page never does. */

const shot = (id: string): GraphNode => ({
	id,
	type: 'shot',
	x: 0,
	y: 0,
	parent: null,
	data: { prompt: 'Fog', link: 'l' }
});
const start = docOf({ nodes: { a: shot('a'), b: shot('b') }, edges: {} });
const write = (id: string, value: string): Operation => ({ op: 'node.set', id, name: 'prompt', value });
const prompts = (doc: Doc) => ['a', 'b'].map((id) => doc.nodes.get(id)?.data.prompt);

/** The studio in small: one card of the pair is written, the other follows unless the batch says it already. */
function studio() {
	let doc = start;
	const log: { op_id: string; operations: Operation[] }[] = [];
	const known = new Map<string, number>();
	return {
		log,
		take(op_id: string, given: readonly Operation[]): number {
			const had = known.get(op_id);
			if (had !== undefined) return had;
			const after = apply(doc, given);
			const operations = [...given];
			for (const one of given) {
				const other = one.op === 'node.set' ? (one.id === 'a' ? 'b' : 'a') : '';
				if (one.op === 'node.set' && after.nodes.get(other)?.data[one.name] !== one.value)
					operations.push({ ...one, id: other });
			}
			doc = apply(doc, operations);
			log.push({ op_id, operations });
			known.set(op_id, log.length);
			return log.length;
		}
	};
}

const opened = () => {
	const replica = new Replica();
	replica.load(0, 'log', start);
	return replica;
};

const sendAll = (replica: Replica, desk: ReturnType<typeof studio>, answered: boolean) => {
	for (const batch of [...replica.unsent]) {
		const revision = desk.take(batch.op_id, batch.operations);
		if (answered) replica.acknowledge(batch.op_id, revision);
	}
};

const hear = (replica: Replica, desk: ReturnType<typeof studio>) => {
	for (const [at, { op_id, operations }] of desk.log.entries())
		if (at >= replica.revision) replica.receive(at + 1, op_id, operations);
};

it.each([
	['sent, the answer lost', false],
	['sent and answered, not told yet', true]
])('an edit that was only %s is taken back in every linked card', (_, answered) => {
	const [desk, mine, theirs] = [studio(), opened(), opened()];
	mine.edit([write('a', 'Rain')], { label: 'Prompt' });
	sendAll(mine, desk, answered);
	expect('label' in mine.undo()).toBe(true);
	sendAll(mine, desk, true);
	for (const one of [mine, theirs]) hear(one, desk);
	for (const one of [mine, theirs]) expect(prompts(one.view)).toEqual(['Fog', 'Fog']);
	expect('label' in mine.redo()).toBe(true);
	sendAll(mine, desk, true);
	for (const one of [mine, theirs]) hear(one, desk);
	for (const one of [mine, theirs]) expect(prompts(one.view)).toEqual(['Rain', 'Rain']);
});

it('an edit made offline reaches every linked card on return, and what was written there before it stands under it', () => {
	const [desk, mine, theirs] = [studio(), opened(), opened()];
	mine.edit([write('a', 'Rain')], { label: 'Prompt' });
	theirs.edit([write('b', 'Snow')], { label: 'Prompt' });
	sendAll(theirs, desk, true);
	hear(theirs, desk);
	expect(prompts(theirs.view)).toEqual(['Snow', 'Snow']);
	hear(mine, desk);
	expect(mine.view.nodes.get('a')?.data.prompt).toBe('Rain');
	sendAll(mine, desk, true);
	for (const one of [mine, theirs]) hear(one, desk);
	for (const one of [mine, theirs]) expect(prompts(one.view)).toEqual(['Rain', 'Rain']);
});
