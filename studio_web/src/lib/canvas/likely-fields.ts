import type { FieldSpec, GraphNode } from '../api/types.ts';
import { madeBy } from '../catalog/edition.ts';
import { resolve } from '../catalog/resolve.ts';
import { shownTake } from './run-state.ts';
import type { Workbench } from './workbench.svelte.ts';

/**
 * The fields of what makes this card's takes: its own pipeline; where the studio chooses, what it would choose now
 * (`foreseen`, as far as that is known), and what made or failed to make the last take. The first of a name counts.
 */
export function likelyFields(bench: Workbench, node: GraphNode, foreseen?: string): FieldSpec[] {
	const { pipeline } = resolve(bench.session.doc, node, bench.catalog);
	const { runs } = bench.session;
	const take = shownTake(runs.takes.get(node.id), node.data.active_take);
	const likely = [foreseen, runs.ofNode.get(node.id)?.pipeline, madeBy(take?.recipe)];
	const found = new Map<string, FieldSpec>();
	for (const one of [pipeline, ...likely.map((name) => bench.catalog.pipeline(name))])
		for (const field of one?.fields ?? []) if (!found.has(field.name)) found.set(field.name, field);
	return [...found.values()];
}
