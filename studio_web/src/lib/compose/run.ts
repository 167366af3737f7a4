import type { Asset, GraphNode, Operation, PipelineType } from '../api/types.ts';
import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { accepts } from '../catalog/connect.ts';
import { into, resolve } from '../catalog/resolve.ts';
import { connect, type Spot } from '../canvas/edits.ts';
import { newNode } from '../canvas/new-cards.ts';
import { apply, type Doc } from '../project/ops.ts';
import { inputFor, rolesOf, type Mode, type Role } from './roles.ts';

/**
 * A run of the composer as cards of the board: the files as assets, the shot, the wires between them.
 *
 * Pure: one batch, one step of undo. The composer sends it and then asks for the take.
 */

export interface Wanted {
	mode: Mode;
	pipeline: PipelineType;
	prompt: string;
	files: (role: Role) => readonly Asset[];
	fields: Readonly<Record<string, unknown>>;
	seed: number | null;
}

/** Where a new card goes, told the document with the cards before it. */
export type Place = (doc: Doc, node: GraphNode) => Spot;

export interface Batch {
	operations: Operation[];
	shot: string;
}

export function runBatch(
	catalog: CatalogIndex,
	doc: Doc,
	wanted: Wanted,
	place: Place,
	again?: GraphNode
): Batch {
	const operations: Operation[] = [];
	let now = doc;
	const add = (...more: Operation[]) => {
		operations.push(...more);
		now = apply(now, more);
	};
	const put = (type: string, data: Record<string, unknown>): GraphNode => {
		const node = newNode(catalog, now, type, { x: 0, y: 0 }, data);
		const placed = { ...node, ...place(now, node) };
		add({ op: 'node.add', node: placed });
		return placed;
	};

	const cards = new Map<Role, GraphNode[]>();
	for (const role of rolesOf(wanted.mode)) {
		if (!inputFor(wanted.pipeline, role)) continue;
		const files = wanted.files(role).map((file) => cardOf(now, file) ?? put(cardType(file), cardData(file)));
		cards.set(role, files);
	}
	const settings = settingsOf(wanted);
	const shot = again ?? put('shot', pruned(settings));
	if (again) {
		for (const [name, value] of Object.entries(settings))
			if ((again.data[name] ?? null) !== value) add({ op: 'node.set', id: again.id, name, value });
		for (const edge of into(now, shot.id)) {
			const role = wanted.pipeline.inputs.find((input) => input.name === edge.target_handle)?.role;
			const kept = role && cards.get(role as Role)?.some((card) => card.id === edge.source);
			if (role && !kept) add({ op: 'edge.remove', id: edge.id });
		}
	}
	for (const [role, files] of cards)
		for (const card of files) add(...wires(catalog, now, card, shot.id, wanted.pipeline, role));
	return { operations, shot: shot.id };
}

function wires(
	catalog: CatalogIndex,
	doc: Doc,
	card: GraphNode,
	shot: string,
	pipeline: PipelineType,
	role: Role
): Operation[] {
	const input = inputFor(pipeline, role);
	const output =
		input && resolve(doc, card, catalog).outputs.find((one) => accepts(catalog, input.type, one.type));
	if (!input || !output) return [];
	return connect(catalog, doc, {
		source: card.id,
		source_handle: output.name,
		target: shot,
		target_handle: input.name
	});
}

const cardType = (file: Asset): string => (file.kind === 'audio' ? 'audio' : 'asset');
const cardData = (file: Asset) => ({ asset: file.id, kind: file.kind, name: file.title });

/** The card that holds a file already, so that a board does not fill with copies. */
function cardOf(doc: Doc, file: Asset): GraphNode | undefined {
	for (const node of doc.nodes.values())
		if (node.type === cardType(file) && node.data.asset === file.id && node.parent === null) return node;
	return undefined;
}

function settingsOf(wanted: Wanted): Record<string, string | number | boolean | null> {
	const settings: Record<string, string | number | boolean | null> = {
		prompt: wanted.prompt.trim() || null,
		pipeline: wanted.pipeline.id,
		seed: wanted.seed,
		seed_locked: wanted.seed !== null || null
	};
	for (const field of wanted.pipeline.fields) {
		if (field.name in settings) continue;
		const value = wanted.fields[field.name];
		settings[field.name] =
			typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
	}
	return settings;
}

const pruned = (settings: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
