import type { Operation } from '../../api/types.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { apply, wire } from '../../project/ops.ts';
import { resolve } from '../../catalog/resolve.ts';
import { filmstrip as words } from '#words/scenes.ts';
import { newNode } from '../new-cards.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { scenesOf } from './scenes.svelte.ts';
import { above, around, boxOf } from './tree.ts';

/** An assembler beside shots, with all of them wired in, in the order they have: one step. */
export function addAssembler(bench: Workbench, shots: readonly string[]): void {
	const { doc } = bench.session;
	const tops = shots.map((id) => above(doc, id).at(-1) ?? id);
	const box = around(tops.map((id) => boxOf(doc, id, scenesOf(bench).sizes)));
	const node = newNode(bench.catalog, doc, 'assembler', { x: box.x + box.width + 96, y: box.y });
	const edges = shots.flatMap((id) => {
		const card = doc.nodes.get(id);
		const output = card && resolve(doc, card, bench.catalog).outputs.find((spec) => spec.type === 'Video');
		return output ? [wire(id, output.name, node.id, 'clips')] : [];
	});
	const add: Operation[] = [
		{ op: 'node.add', node },
		...edges.map((edge): Operation => ({ op: 'edge.add', edge }))
	];
	const order: Operation = {
		op: 'node.set',
		id: node.id,
		name: 'order',
		value: edges.map((edge) => edge.id)
	};
	if (apply(doc, add) === doc || !bench.session.edit([...add, order], { label: words.didAddAssembler }))
		return;
	announce(words.didAddAssembler);
}
