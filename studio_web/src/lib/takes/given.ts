import type { Asset, GraphNode, Take } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { asideBelow } from '../catalog/producer.ts';
import { into, resolve } from '../catalog/resolve.ts';
import { isMuted } from '../catalog/scenes.ts';
import type { Doc } from '../project/ops.ts';

/**
 * What a card gives right now: the file behind a wire, the value on one. Pure; used to tell whether a take is still
 * what its card says.
 */

export interface World {
	readonly doc: Doc;
	readonly catalog: CatalogIndex;
	readonly takes: ReadonlyMap<string, readonly Take[]>;
	readonly assets: ReadonlyMap<string, Asset>;
	/** The project's quality. */
	readonly quality: string | undefined;
}

export interface File {
	/** As it lies in the project folder. */
	name: string;
	/** Its bytes; null where nobody said. */
	oid: string | null;
	/** The card that gives it. */
	node: string;
	thumbnail: string | null;
}

/** Values and references travel on wires too; what is left are files. */
const noFile = new Set(['String', 'Integer', 'Float', 'Boolean', 'PipelineReference', 'EDL']);

export const isFileSocket = (type: string): boolean => !noFile.has(type);

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The take a card shows: the chosen one, else the newest. */
export function shownIn(world: World, node: GraphNode): Take | undefined {
	const takes = world.takes.get(node.id);
	return takes?.find((take) => take.name === node.data.active_take) ?? takes?.at(-1);
}

/** A socket that hands on what is wired into another one: a reroute, or the first fitting input of a card that hands on. */
function handsOn(world: World, node: GraphNode): string | undefined {
	if (node.type === 'reroute') return 'in';
	const aside = asideBelow(world.catalog.type(node.type), node, world.quality) !== undefined;
	if (node.data.bypassed !== true && !aside) return undefined;
	const is = resolve(world.doc, node, world.catalog);
	const out = is.outputs[0]?.type;
	const wired = new Set(into(world.doc, node.id).map((edge) => edge.target_handle));
	return is.inputs.find((spec) => spec.type === out && wired.has(spec.name))?.name;
}

function behind(world: World, id: string): GraphNode | undefined {
	const seen = new Set<string>();
	for (let node = world.doc.nodes.get(id); node && !seen.has(node.id);) {
		seen.add(node.id);
		if (isMuted(world.doc, node)) return undefined;
		const through = handsOn(world, node);
		if (through === undefined) return node;
		const edge = into(world.doc, node.id).find((one) => one.target_handle === through);
		node = edge && world.doc.nodes.get(edge.source);
	}
	return undefined;
}

/** The file that a card hands to whoever is wired to it. */
export function fileFrom(world: World, id: string): File | undefined {
	const node = behind(world, id);
	if (!node) return undefined;
	const asset = world.assets.get(String(node.data.asset ?? ''));
	if (asset)
		return { name: fileName(asset.path), oid: asset.oid, node: node.id, thumbnail: asset.thumbnail_url };
	const take = shownIn(world, node);
	return (
		take && { name: fileName(take.path), oid: oidOf(take), node: node.id, thumbnail: take.thumbnail_url }
	);
}

/** The files wired into a socket. */
export const filesInto = (world: World, node: string, socket: string): File[] =>
	into(world.doc, node)
		.filter((edge) => edge.target_handle === socket)
		.toSorted((a, b) => (a.id < b.id ? -1 : 1))
		.flatMap((edge) => fileFrom(world, edge.source) ?? []);

/** A field as it counts now: a wired value goes before the card's own. */
export function valueOf(world: World, node: GraphNode, name: string): unknown {
	const edge = into(world.doc, node.id).find((one) => one.target_handle === name);
	const source = edge && behind(world, edge.source);
	return source && 'value' in source.data ? source.data.value : node.data[name];
}

export const oidOf = (take: Take): string | null =>
	'oid' in take && typeof take.oid === 'string' && take.oid !== '' ? take.oid : null;
