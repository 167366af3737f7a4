import { judge, wireFrom, type LooseEnd } from '../catalog/connect.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { into, resolve } from '../catalog/resolve.ts';
import type { GraphNode, SocketSpec } from '../api/types.ts';
import type { Doc } from '../project/ops.ts';
import { cardName } from './deck.ts';
import { nameIn } from './naming.ts';

/**
 * Wiring by lists instead of by dragging: the sockets and wires of a card, and for a socket everything on the board
 * that fits it. Pure; the judge decides.
 */

export interface SocketChoice {
	end: LooseEnd;
	spec: SocketSpec;
	/** Names of the cards it is wired to now. */
	wired: readonly string[];
}

export interface WireChoice {
	id: string;
	from: string;
	to: string;
	output: string;
	input: string;
}

export interface FitChoice {
	node: string;
	handle: string;
	/** The card's name. */
	name: string;
	socket: string;
	/** What a new wire would push out. */
	replaces: string | undefined;
	/** The wire is there already. */
	there: boolean;
}

/** Outputs first: a film is wired from left to right. */
export function socketsOf(catalog: CatalogIndex, doc: Doc, node: GraphNode): SocketChoice[] {
	const { inputs, outputs } = resolve(doc, node, catalog);
	const from = [...doc.edges.values()].filter((edge) => edge.source === node.id);
	const name = (id: string) => nameIn(catalog, doc, id);
	return [
		...outputs.map((spec): SocketChoice => ({
			end: { node: node.id, handle: spec.name, side: 'source' },
			spec,
			wired: from.filter((edge) => edge.source_handle === spec.name).map((edge) => name(edge.target))
		})),
		...inputs.map((spec): SocketChoice => ({
			end: { node: node.id, handle: spec.name, side: 'target' },
			spec,
			wired: into(doc, node.id)
				.filter((edge) => edge.target_handle === spec.name)
				.map((edge) => name(edge.source))
		}))
	];
}

/** All wires of a card, also those whose socket is gone. */
export function wiresOf(catalog: CatalogIndex, doc: Doc, node: GraphNode): WireChoice[] {
	const label = (id: string, handle: string, side: 'inputs' | 'outputs') => {
		const card = doc.nodes.get(id);
		const specs = card ? resolve(doc, card, catalog)[side] : [];
		return specs.find((spec) => spec.name === handle)?.label ?? handle;
	};
	return [...doc.edges.values()]
		.filter((edge) => edge.source === node.id || edge.target === node.id)
		.map((edge) => ({
			id: edge.id,
			from: nameIn(catalog, doc, edge.source),
			to: nameIn(catalog, doc, edge.target),
			output: label(edge.source, edge.source_handle, 'outputs'),
			input: label(edge.target, edge.target_handle, 'inputs')
		}));
}

/** Every socket on the board that a loose end may go into: the nearest cards first. */
export function fitsFor(catalog: CatalogIndex, doc: Doc, end: LooseEnd): FitChoice[] {
	const own = doc.nodes.get(end.node);
	const far = (node: GraphNode) => (own ? Math.hypot(node.x - own.x, node.y - own.y) : 0);
	return [...doc.nodes.values()]
		.filter((node) => node.id !== end.node)
		.sort((a, b) => far(a) - far(b))
		.flatMap((node) => {
			const is = resolve(doc, node, catalog);
			return (end.side === 'source' ? is.inputs : is.outputs)
				.filter((spec) => judge(catalog, doc, wireFrom(end, node.id, spec.name)).ok)
				.map((spec): FitChoice => {
					const wire = wireFrom(end, node.id, spec.name);
					const held = into(doc, wire.target).filter((edge) => edge.target_handle === wire.target_handle);
					const there = held.some(
						(edge) => edge.source === wire.source && edge.source_handle === wire.source_handle
					);
					const target = doc.nodes.get(wire.target);
					const input = target
						? resolve(doc, target, catalog).inputs.find((one) => one.name === wire.target_handle)
						: undefined;
					const old = !there && !input?.many ? held[0] : undefined;
					return {
						node: node.id,
						handle: spec.name,
						name: cardName(node, is),
						socket: spec.label,
						replaces: old && nameIn(catalog, doc, old.source),
						there
					};
				});
		});
}
