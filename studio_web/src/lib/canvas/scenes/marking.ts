import type { GraphNode, Operation } from '../../api/types.ts';
import type { CatalogIndex } from '../../catalog/catalog-index.ts';
import { accepts } from '../../catalog/connect.ts';
import { into, resolve } from '../../catalog/resolve.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import type { Doc } from '../../project/ops.ts';
import { marks as words } from '#words/scenes.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** Muting, bypassing and pinning cards: marks that people switch on and off. */

export type Mark = 'muted' | 'bypassed' | 'pinned';

const said: Record<Mark, [on: (n: number) => string, off: (n: number) => string]> = {
	muted: [words.didMute, words.didUnmute],
	bypassed: [words.didBypass, words.didUnbypass],
	pinned: [words.didPin, words.didUnpin]
};

/** Whether something of the kind that a card gives is wired into it, which it could hand on in place of its take. */
export function canBypass(doc: Doc, node: GraphNode, catalog: CatalogIndex): boolean {
	const is = resolve(doc, node, catalog);
	const gives = is.outputs[0]?.type;
	if (!is.type?.task || gives === undefined) return false;
	return into(doc, node.id).some((edge) => {
		const input = is.inputs.find((spec) => spec.name === edge.target_handle);
		return input !== undefined && input.type === gives && accepts(catalog, input.type, gives);
	});
}

/** On for all of them unless all are on already; then off. */
export function marked(
	doc: Doc,
	ids: readonly string[],
	mark: Mark
): { operations: Operation[]; on: boolean } {
	const cards = ids.filter((id) => doc.nodes.has(id));
	const on = !cards.every((id) => doc.nodes.get(id)?.data[mark] === true);
	const operations = cards
		.filter((id) => (doc.nodes.get(id)?.data[mark] === true) !== on)
		.map((id): Operation => ({ op: 'node.set', id, name: mark, value: on ? true : null }));
	return { operations, on };
}

export function flip(bench: Workbench, mark: Mark, ids: readonly string[] = bench.board.selected): void {
	const { doc } = bench.session;
	const meant =
		mark === 'bypassed'
			? ids.filter((id) => {
					const node = doc.nodes.get(id);
					return node && (node.data.bypassed === true || canBypass(doc, node, bench.catalog));
				})
			: ids;
	const { operations, on } = marked(doc, meant, mark);
	if (!operations.length) return;
	const label = said[mark][on ? 0 : 1](operations.length);
	if (bench.session.edit(operations, { label })) announce(label);
}
