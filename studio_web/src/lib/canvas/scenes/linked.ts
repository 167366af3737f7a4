import type { GraphNode, Operation } from '../../api/types.ts';
import { newNodeId, wire, type Doc } from '../../project/ops.ts';
import type { Spot } from '../edits.ts';
import { freeNumber } from './numbering.ts';
import { above, isScene, contents } from './tree.ts';

/**
 * Linked scenes: copies that follow each other. The page makes and unlinks them; that one change reaches all is the
 * server's word, in the batch that it publishes. Pure.
 */

const linkOf = (node: GraphNode | undefined): string | undefined =>
	typeof node?.data.link === 'string' && node.data.link !== '' ? node.data.link : undefined;

/** The scenes that follow each other with this one, itself among them; none where it is not linked. */
export function followers(doc: Doc, scene: string): string[] {
	const link = linkOf(doc.nodes.get(scene));
	if (link === undefined) return [];
	return [...doc.nodes.values()]
		.filter((node) => isScene(node) && linkOf(node) === link)
		.map((node) => node.id);
}

/** The linked scene that a card lies in. */
export const linkedScene = (doc: Doc, id: string): string | undefined =>
	above(doc, id).find((one) => linkOf(doc.nodes.get(one)) !== undefined);

/** Why a scene cannot be linked, or undefined when it can. */
export function cannotLink(doc: Doc, scene: string): 'nested' | 'holds-linked' | undefined {
	if (linkedScene(doc, scene) !== undefined) return 'nested';
	return contents(doc, scene).some((id) => isScene(doc.nodes.get(id)) && linkOf(doc.nodes.get(id)))
		? 'holds-linked'
		: undefined;
}

/** What is each scene's own: it is not copied, and it does not follow. */
const own = (name: string): boolean =>
	['scene', 'code', 'active_take', 'muted'].includes(name) || /^(star|reject|in|out):/.test(name);

const set = (id: string, name: string, value: string | null): Operation => ({
	op: 'node.set',
	id,
	name,
	value
});

export interface Duplicated {
	id: string;
	operations: Operation[];
}

/** A second scene with the same cards, its frame at a place; the two follow each other from then on. */
export function duplicateLinked(
	doc: Doc,
	scene: string,
	at: Spot,
	makeId: () => string = newNodeId
): Duplicated | undefined {
	const frame = doc.nodes.get(scene);
	if (!frame || cannotLink(doc, scene)) return undefined;
	const link = linkOf(frame) ?? makeId();
	const cards = contents(doc, scene).flatMap((id) => doc.nodes.get(id) ?? []);
	const links = new Map(
		[frame, ...cards].map((node) => [node.id, linkOf(node) ?? (node === frame ? link : makeId())])
	);
	const ids = new Map([frame, ...cards].map((node) => [node.id, makeId()]));
	const number = freeNumber(doc);
	const marks = [...cards, frame].flatMap((node) =>
		linkOf(node) ? [] : [set(node.id, 'link', links.get(node.id) ?? null)]
	);
	const copies = [frame, ...cards].map((node): Operation => {
		const data = Object.fromEntries(Object.entries(node.data).filter(([name]) => !own(name)));
		const numbered = typeof node.data.scene === 'string' ? { scene: number } : {};
		return {
			op: 'node.add',
			node: {
				...node,
				id: ids.get(node.id) ?? node.id,
				...(node === frame ? { x: Math.round(at.x), y: Math.round(at.y) } : {}),
				parent: node === frame ? (node.parent ?? null) : (ids.get(node.parent ?? '') ?? null),
				data: { ...data, ...numbered, link: links.get(node.id) }
			}
		};
	});
	const wires = [...doc.edges.values()].flatMap((edge): Operation[] => {
		const source = ids.get(edge.source);
		const target = ids.get(edge.target);
		if (!source || !target) return [];
		return [{ op: 'edge.add', edge: wire(source, edge.source_handle, target, edge.target_handle) }];
	});
	return { id: ids.get(scene) ?? scene, operations: [...marks, ...copies, ...wires] };
}

/** Lets a scene go its own way. When only one other is left, that one is free too. */
export function unlink(doc: Doc, scene: string): Operation[] {
	const all = followers(doc, scene);
	if (!all.length) return [];
	const free = all.length <= 2 ? all : [scene];
	return free.flatMap((one) =>
		[one, ...contents(doc, one)].flatMap((id) => (linkOf(doc.nodes.get(id)) ? [set(id, 'link', null)] : []))
	);
}
