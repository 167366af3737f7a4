import type { GraphNode, Operation, Recipe, Take } from '../api/types.ts';
import { judge } from '../catalog/connect.ts';
import { choosing, madeBy } from '../catalog/edition.ts';
import { into, resolve } from '../catalog/resolve.ts';
import { apply, newNodeId, same, wire, type Doc } from '../project/ops.ts';

import { differences, type Used } from './differences.ts';
import { fileName, oidOf, type World } from './given.ts';

/**
 * A take's recipe back onto the board: its settings onto its own card, its inputs wired as they were, or the whole
 * graph of it built anew. Pure: operations out; what cannot be brought back is named, never guessed.
 */

/** The fields of a card as the recipe had them, the seed locked. A pipeline that comes by a wire stays. */
export function settingsOf(world: World, node: GraphNode, take: Take): Operation[] {
	const { recipe } = take;
	if (!recipe) return [];
	const is = resolve(world.doc, node, world.catalog);
	const set = (name: string, value: unknown): Operation[] =>
		same(node.data[name] ?? null, value ?? null)
			? []
			: [{ op: 'node.set', id: node.id, name, value: value ?? null }];
	const made = world.catalog.pipeline(madeBy(recipe));
	const fields = made?.fields ?? is.fields;
	const wired = new Set(into(world.doc, node.id).map((edge) => edge.target_handle));
	return [
		...(is.pipelineFrom === 'wire' || (made ? made === is.pipeline : is.pipeline?.id === recipe.pipeline)
			? []
			: Object.entries(made ? choosing(made) : { pipeline: recipe.pipeline, pipeline_seen: null }).flatMap(
					([name, value]) => set(name, value)
				)),
		...fields
			.filter((field) => field.name !== 'seed' && !wired.has(field.name))
			.flatMap((field) => {
				const was = recipe.params[field.name] ?? null;
				// A field that was never written and has its standard value stays unwritten.
				const standard = !(field.name in node.data) && same(was, field.default ?? null);
				return field.name in recipe.params && !standard ? set(field.name, was) : [];
			}),
		...set('seed', recipe.seed),
		...set('seed_locked', true)
	];
}

/** A card that gives a file, or an asset that no card gives yet. */
export type Source =
	{ kind: 'card'; node: GraphNode; other: boolean } | { kind: 'asset'; id: string } | { kind: 'gone' };

/** Where a file that went into a take is today. A card that shows another take now is said to be `other`. */
export function sourceOf(world: World, used: Used): Source {
	const asset = [...world.assets.values()].find((one) => one.oid === used.oid);
	if (asset) {
		const card = [...world.doc.nodes.values()].find((node) => node.data.asset === asset.id);
		return card ? { kind: 'card', node: card, other: false } : { kind: 'asset', id: asset.id };
	}
	for (const [id, takes] of world.takes) {
		const made = takes.find((take) => (oidOf(take) ?? '') === used.oid || fileName(take.path) === used.name);
		const node = world.doc.nodes.get(id);
		const shown = takes.find((take) => take.name === node?.data.active_take) ?? takes.at(-1);
		if (made && node) return { kind: 'card', node, other: shown !== made };
	}
	return { kind: 'gone' };
}

export interface Rewiring {
	operations: Operation[];
	/** Names of files that no card and no asset has any more. */
	gone: string[];
	/** Names of takes whose card shows another one now. */
	other: string[];
}

/** The wires as the recipe had them, for the inputs that differ now; assets without a card get one. */
export function rewire(world: World, node: GraphNode, take: Take): Rewiring {
	const inputs = differences(world, node, take).filter((one) => one.kind === 'input');
	const cut = inputs.flatMap((one) =>
		into(world.doc, node.id)
			.filter((edge) => edge.target_handle === one.socket)
			.map((edge): Operation => ({ op: 'edge.remove', id: edge.id }))
	);
	const made = wiresFor(
		{ ...world, doc: apply(world.doc, cut) },
		node,
		inputs.flatMap(({ socket, was }) => was.map((used) => ({ ...used, socket })))
	);
	// A wire that stands as it was is neither cut nor made.
	const again = new Set(made.operations.flatMap((one) => (one.op === 'edge.add' ? [one.edge.id] : [])));
	const kept = cut.filter((one) => one.op === 'edge.remove' && again.has(one.id));
	const keptIds = new Set(kept.flatMap((one) => ('id' in one ? [one.id] : [])));
	return {
		...made,
		operations: [
			...cut.filter((one) => !kept.includes(one)),
			...made.operations.filter((one) => one.op !== 'edge.add' || !keptIds.has(one.edge.id))
		]
	};
}

type Input = Recipe['inputs'][number];

const CARD = { across: 300, down: 260 };

/** Wires from whoever gives each file into a card. */
function wiresFor(world: World, target: GraphNode, inputs: readonly Input[]): Rewiring {
	const found: Rewiring = { operations: [], gone: [], other: [] };
	let { doc } = world;
	const put = (...operations: Operation[]) => {
		doc = apply(doc, operations);
		found.operations.push(...operations);
	};
	const added = new Map<string, GraphNode>();
	for (const used of inputs) {
		const source = sourceOf(world, used);
		if (source.kind === 'gone') {
			found.gone.push(used.name);
			continue;
		}
		if (source.kind === 'card' && source.other) found.other.push(used.name);
		let card = source.kind === 'card' ? source.node : added.get(source.id);
		if (source.kind === 'asset' && !card) {
			card = assetCard(world, source.id, target, added.size);
			added.set(source.id, card);
			put({ op: 'node.add', node: card });
		}
		const made = card && outputInto(world, doc, card, target, used.socket);
		if (made) put({ op: 'edge.add', edge: made });
		else found.gone.push(used.name);
	}
	return found;
}

function assetCard(world: World, id: string, beside: GraphNode, row: number): GraphNode {
	const asset = world.assets.get(id);
	const audio = asset?.kind === 'audio';
	return {
		id: newNodeId(),
		type: audio ? 'audio' : 'asset',
		x: beside.x - CARD.across,
		y: beside.y + row * CARD.down,
		parent: beside.parent,
		data: { asset: id, kind: asset?.kind, name: asset?.title }
	};
}

/** The wire from the output of a card that fits a socket. */
function outputInto(world: World, doc: Doc, source: GraphNode, target: GraphNode, socket: string) {
	const fits = resolve(doc, source, world.catalog).outputs.find(
		(output) =>
			judge(world.catalog, doc, {
				source: source.id,
				source_handle: output.name,
				target: target.id,
				target_handle: socket
			}).ok
	);
	return fits && wire(source.id, fits.name, target.id, socket);
}

export interface Rebuilt extends Rewiring {
	/** The new card. */
	id: string;
}

/** A new card with everything a take was made from: settings, seed, pipeline, and what is wired in. */
export function rebuild(
	world: World,
	take: Take,
	at: { x: number; y: number; parent?: string | null },
	type = 'shot'
): Rebuilt | undefined {
	const { recipe } = take;
	if (!recipe) return undefined;
	const pipeline = world.catalog.pipeline(madeBy(recipe));
	const node: GraphNode = {
		id: newNodeId(),
		type,
		x: Math.round(at.x),
		y: Math.round(at.y),
		parent: at.parent ?? null,
		data: {
			...world.catalog.type(type)?.defaults,
			scene: take.scene,
			...recipe.params,
			...(pipeline ? choosing(pipeline) : { pipeline: recipe.pipeline }),
			seed: recipe.seed,
			seed_locked: true
		}
	};
	const add: Operation = { op: 'node.add', node };
	const made = wiresFor({ ...world, doc: apply(world.doc, [add]) }, node, recipe.inputs);
	return { ...made, id: node.id, operations: [add, ...made.operations] };
}

/** The take that a file on someone's desk is: by its size first, then by its bytes, or by its name without them. */
export async function takeOfFile(
	takes: Iterable<Take>,
	file: { name: string; size: number },
	hash: () => Promise<string | undefined>
): Promise<Take | undefined> {
	const alike = [...takes].filter((take) => take.size === file.size && take.recipe !== null);
	if (!alike.length) return undefined;
	const oid = alike.some((take) => oidOf(take)) ? await hash() : undefined;
	return (
		alike.find((take) => oid !== undefined && oidOf(take) === oid) ??
		alike.find((take) => (oid === undefined || oidOf(take) === null) && fileName(take.path) === file.name)
	);
}
