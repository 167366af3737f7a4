import type { FieldSpec, GraphNode, Operation } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { resolve } from '../catalog/resolve.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { apply, newNodeId, type Doc } from '../project/ops.ts';
import { added, starters } from '#words/starters.ts';
import { connect, type Spot } from './edits.ts';
import { newNode } from './new-cards.ts';
import { layoutOf } from './geometry.ts';
import type { Workbench } from './workbench.svelte.ts';

/**
 * Starter canvases: a few shots with words, wired into an assembler, ready to generate.
 *
 * `starterCards` is pure; `start` puts one on the board as a single step. Nothing in them is made already.
 */

export type StarterName = keyof typeof starters;

const ACROSS = 72;
const DOWN = 48;
const IN_ROW = 4;

/** A value only where the pipeline has such a setting and takes it. */
const takes = (fields: readonly FieldSpec[], name: string, value: string | number): boolean =>
	fields.some(
		(field) =>
			field.name === name && (!field.choices.length || field.choices.some((one) => one.value === value))
	);

export function starterCards(
	catalog: CatalogIndex,
	doc: Doc,
	name: StarterName,
	at: Spot,
	aspect: number
): Operation[] {
	const operations: Operation[] = [];
	let now = doc;
	const add = (...more: Operation[]) => {
		operations.push(...more);
		now = apply(now, more);
	};
	const sizeOf = (node: GraphNode) =>
		layoutOf(resolve(now, node, catalog), aspect, starters[name].shots.length);
	const shots = starters[name].shots.map(([prompt, seconds, move], index) => {
		const bare = newNode(catalog, now, 'shot', at, { prompt });
		const { fields } = resolve(apply(now, [{ op: 'node.add', node: bare }]), bare, catalog);
		const { width, height } = sizeOf(bare);
		const node: GraphNode = {
			...bare,
			id: newNodeId(),
			x: Math.round(at.x + (index % IN_ROW) * (width + ACROSS)),
			y: Math.round(at.y + Math.floor(index / IN_ROW) * (height + DOWN)),
			data: {
				...bare.data,
				...(takes(fields, 'seconds', seconds) ? { seconds } : {}),
				...(takes(fields, 'move', move) ? { move } : {})
			}
		};
		add({ op: 'node.add', node });
		return node;
	});
	const { width } = sizeOf(shots[0] as GraphNode);
	const right = at.x + Math.min(shots.length, IN_ROW) * (width + ACROSS);
	const cut = newNode(catalog, now, 'assembler', { x: right, y: at.y });
	add({ op: 'node.add', node: cut });
	for (const shot of shots)
		add(
			...connect(catalog, now, {
				source: shot.id,
				source_handle: 'video',
				target: cut.id,
				target_handle: 'clips'
			})
		);
	return operations;
}

/** Puts a starter right of everything there is, as one step, and shows it. */
export function start(bench: Workbench, name: StarterName): void {
	const taken = bench.board.nodes.filter((card) => !card.parentId);
	const right = Math.max(0, ...taken.map((card) => card.position.x + (card.width ?? 0) + 2 * ACROSS));
	const top = taken.length ? Math.min(...taken.map((card) => card.position.y)) : 0;
	const at = { x: right, y: top };
	const operations = starterCards(bench.catalog, bench.session.doc, name, at, bench.aspect);
	const label = added(starters[name].title);
	bench.session.edit(operations, { label });
	const ids = operations.flatMap((one) => (one.op === 'node.add' ? [one.node.id] : []));
	bench.board.select(ids);
	bench.camera?.fit(ids);
	announce(label);
}
