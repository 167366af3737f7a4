import type { Operation } from '../../api/types.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { apply, wire, type Doc } from '../../project/ops.ts';
import { reroute as words } from '#words/scenes.ts';
import type { CatalogIndex } from '../../catalog/catalog-index.ts';
import { addCard } from '../adding.ts';
import { type Spot } from '../edits.ts';
import { newNode } from '../new-cards.ts';
import { DOT } from '../geometry.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { cornerOf } from './tree.ts';

/** Notes and reroutes: small things put where the pointer is. */

export function addNote(bench: Workbench, screen: Spot | undefined = bench.pointer): void {
	const at = screen ? bench.camera?.toBoard(screen) : bench.camera?.middle();
	if (!at) return;
	const { id } = addCard(bench, 'note', { x: at.x - 20, y: at.y - 20 });
	requestAnimationFrame(() =>
		setTimeout(() => document.querySelector<HTMLElement>(`[data-node-id="${id}"] textarea`)?.focus(), 60)
	);
}

/** A wire cut in two by a reroute. A reroute lies in the scene that both ends have in common. */
export function rerouted(
	catalog: CatalogIndex,
	doc: Doc,
	edge: string,
	at: Spot
): { id: string; operations: Operation[] } | undefined {
	const cut = doc.edges.get(edge);
	if (!cut) return undefined;
	const node = newNode(catalog, doc, 'reroute', { x: at.x - DOT / 2, y: at.y - DOT / 2 });
	const parent = doc.nodes.get(cut.source)?.parent ?? null;
	const home = parent === (doc.nodes.get(cut.target)?.parent ?? null) ? parent : null;
	const origin = home === null ? { x: 0, y: 0 } : cornerOf(doc, home);
	const placed = {
		...node,
		parent: home,
		x: Math.round(node.x - origin.x),
		y: Math.round(node.y - origin.y)
	};
	return {
		id: node.id,
		operations: [
			{ op: 'edge.remove', id: edge },
			{ op: 'node.add', node: placed },
			{ op: 'edge.add', edge: wire(cut.source, cut.source_handle, node.id, 'in') },
			{ op: 'edge.add', edge: wire(node.id, 'out', cut.target, cut.target_handle) },
			...reordered(doc, cut.target, edge, wire(node.id, 'out', cut.target, cut.target_handle).id)
		]
	};
}

/** The cut keeps its order: the new wire takes the place of the old one. */
function reordered(doc: Doc, target: string, old: string, now: string): Operation[] {
	const order = doc.nodes.get(target)?.data.order;
	if (!Array.isArray(order) || !order.includes(old)) return [];
	return [{ op: 'node.set', id: target, name: 'order', value: order.map((id) => (id === old ? now : id)) }];
}

export function addReroute(bench: Workbench, edge: string, screen: Spot | undefined = bench.pointer): void {
	const at = screen ? bench.camera?.toBoard(screen) : between(bench, edge);
	const made = at && rerouted(bench.catalog, bench.session.doc, edge, at);
	if (!made || apply(bench.session.doc, made.operations) === bench.session.doc) return;
	if (!bench.session.edit(made.operations, { label: words.didAdd })) return;
	bench.board.select([made.id]);
	announce(words.didAdd);
}

function between(bench: Workbench, edge: string): Spot | undefined {
	const cut = bench.session.doc.edges.get(edge);
	const from = cut && bench.board.box(cut.source);
	const to = cut && bench.board.box(cut.target);
	if (!from || !to) return undefined;
	return { x: (from.x + from.width + to.x) / 2, y: (from.y + from.height / 2 + to.y + to.height / 2) / 2 };
}
