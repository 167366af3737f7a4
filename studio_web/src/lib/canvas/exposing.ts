import type { FieldSpec, GraphNode, Operation } from '../api/types.ts';
import { exposedOf, into } from '../catalog/resolve.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { fields as words } from '#words/scenes.ts';
import type { Workbench } from './workbench.svelte.ts';

/** Fields that people made into sockets, so that a wire can set them. */

export const isExposed = (node: GraphNode, name: string): boolean => exposedOf(node).includes(name);

/** Makes a field a socket or a field again; a socket that goes takes its wire along, as one step. */
export function expose(bench: Workbench, node: GraphNode, field: FieldSpec, on: boolean): void {
	const rest = exposedOf(node).filter((one) => one !== field.name);
	const now = on ? [...rest, field.name] : rest;
	const cuts = on
		? []
		: into(bench.session.doc, node.id)
				.filter((edge) => edge.target_handle === field.name)
				.map((edge): Operation => ({ op: 'edge.remove', id: edge.id }));
	const label = on ? words.didSocket(field.label) : words.didField(field.label);
	bench.session.edit(
		[...cuts, { op: 'node.set', id: node.id, name: 'exposed', value: now.length ? now : null }],
		{ label }
	);
	announce(label);
}
