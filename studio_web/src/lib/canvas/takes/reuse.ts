import type { GraphNode, Take } from '#lib/api/types.ts';
import { announce } from '#lib/feedback/announce.svelte.ts';
import { toast } from '#lib/feedback/toast.ts';
import { apply } from '#lib/project/ops.ts';
import { rebuild, rewire, settingsOf, type Rewiring } from '#lib/takes/recipe.ts';
import { recipes as words } from '#words/takes.ts';
import type { Spot } from '../edits.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { spotFor } from './place.ts';
import { worldOf } from './world.ts';

/** A take's recipe used again: on its own card, or as a new one. One undo step each; what is missing is said. */

export function reuse(bench: Workbench, node: GraphNode, take: Take, inputsToo: boolean): void {
	const world = worldOf(bench);
	const settings = settingsOf(world, node, take);
	const doc = apply(world.doc, settings);
	const after = doc.nodes.get(node.id) ?? node;
	const wires = inputsToo ? rewire({ ...world, doc }, after, take) : undefined;
	const label = words.did(take.name);
	const operations = [...settings, ...(wires?.operations ?? [])];
	if (!operations.length && !missing(wires)) return say(words.same);
	if (operations.length) bench.session.edit(operations, { label });
	tell(bench, label, wires);
}

/** Builds the card of a take anew, with what was wired in. */
export function rebuildOnBoard(bench: Workbench, take: Take, beside?: GraphNode, at?: Spot): void {
	const world = worldOf(bench);
	const task = bench.catalog.pipeline(take.recipe?.pipeline)?.task;
	const type =
		bench.catalog.catalog.nodes.find((one) => one.task !== null && one.task === task)?.type ?? 'shot';
	const parent = beside?.parent ?? null;
	const probe = { id: 'probe', type, x: 0, y: 0, parent, data: {} };
	const spot = at ?? spotFor(bench, probe);
	const built = rebuild(world, take, { ...spot, parent: at ? null : parent }, type);
	if (!built) return say(words.none);
	const label = words.didRebuild(take.name);
	if (!bench.session.edit(built.operations, { label })) return;
	bench.show(built.id);
	tell(bench, label, built);
}

/** The recipe as text that a person can read and a script can parse. */
export const recipeText = (take: Take): string =>
	JSON.stringify(
		{ take: take.name, created_at: take.created_at, recipe: take.recipe, facts: take.facts },
		null,
		2
	);

const missing = (wires: Rewiring | undefined): string =>
	wires ? [words.lost(wires.gone), words.others(wires.other)].filter(Boolean).join(' ') : '';

function tell(bench: Workbench, label: string, wires: Rewiring | undefined): void {
	const text = missing(wires);
	toast.undo(label, () => bench.undo(), { id: 'recipe', ...(text ? { description: text } : {}) });
	announce([label, text].filter(Boolean).join('. '));
}

function say(text: string): void {
	toast.show(text, { id: 'recipe' });
	announce(text);
}
