import type { FieldSpec, GraphNode, Take } from '../api/types.ts';
import { madeBy } from '../catalog/edition.ts';
import { resolve, wantedPipeline } from '../catalog/resolve.ts';
import { same } from '../project/ops.ts';
import { filesInto, isFileSocket, valueOf, type File, type World } from './given.ts';

/**
 * Where a take's recipe and its card as it is now do not say the same. Pure; the recipe marks them, the stale mark
 * counts them, "use these settings" takes them back.
 */

export type Difference =
	| {
			kind: 'field';
			name: string;
			label: string;
			unit: string;
			was: unknown;
			now: unknown;
			choices: FieldSpec['choices'];
	  }
	| { kind: 'seed'; was: number; now: unknown }
	| { kind: 'pipeline'; was: string; now: string }
	| { kind: 'version'; pipeline: string; was: string; now: string }
	| { kind: 'quality'; was: string; now: string }
	| { kind: 'input'; socket: string; label: string; was: readonly Used[]; now: readonly File[] };

export interface Used {
	name: string;
	oid: string;
}

export function differences(world: World, node: GraphNode, take: Take): Difference[] {
	const { recipe } = take;
	if (!recipe) return [];
	return [
		...ofPipeline(world, node, take),
		...ofFields(world, node, take),
		...ofInputs(world, node, take),
		...(node.data.seed_locked === true && node.data.seed !== recipe.seed
			? [{ kind: 'seed', was: recipe.seed, now: node.data.seed } as const]
			: []),
		...(world.quality !== undefined && world.quality !== recipe.quality_requested
			? [{ kind: 'quality', was: recipe.quality_requested, now: world.quality } as const]
			: [])
	];
}

/** Left to the project, any pipeline may be right: only one that somebody chose can differ. */
function ofPipeline(world: World, node: GraphNode, take: Take): Difference[] {
	const { pipeline = '', pipeline_version: version = '' } = take.recipe ?? {};
	const wanted = wantedPipeline(world.doc, node);
	const title = (id: string) => world.catalog.pipeline(id)?.title ?? id;
	if (wanted && wanted.id !== pipeline)
		return [{ kind: 'pipeline', was: title(pipeline), now: title(wanted.id) }];
	const now = world.catalog.pipeline(wanted?.name ?? pipeline)?.version;
	return now === undefined || now === version
		? []
		: [{ kind: 'version', pipeline: title(pipeline), was: version, now }];
}

/** The fields that both the take's pipeline and the card have; a pipeline that is gone leaves those of the card. */
function fieldsOf(world: World, node: GraphNode, take: Take): FieldSpec[] {
	const is = resolve(world.doc, node, world.catalog);
	const made = world.catalog.pipeline(madeBy(take.recipe));
	const fields = made ? made.fields : is.fields.filter((field) => field.name in (take.recipe?.params ?? {}));
	const own = new Set(is.fields.map((field) => field.name));
	return fields.filter(
		(field) => field.name !== 'seed' && (own.has(field.name) || is.pipelineFrom === 'project')
	);
}

function ofFields(world: World, node: GraphNode, take: Take): Difference[] {
	const params = take.recipe?.params ?? {};
	return fieldsOf(world, node, take).flatMap((field): Difference[] => {
		const standard = field.default ?? null;
		const was = field.name in params ? (params[field.name] ?? null) : standard;
		const now = valueOf(world, node, field.name) ?? standard;
		if (same(was, now)) return [];
		return [
			{
				kind: 'field',
				name: field.name,
				label: field.label,
				unit: field.unit,
				was,
				now,
				choices: field.choices
			}
		];
	});
}

function ofInputs(world: World, node: GraphNode, take: Take): Difference[] {
	const used = Map.groupBy(take.recipe?.inputs ?? [], (one) => one.socket);
	const is = resolve(world.doc, node, world.catalog);
	const made = world.catalog.pipeline(madeBy(take.recipe));
	const specs = (made ?? is).inputs.filter((spec) => isFileSocket(spec.type));
	const names = new Set([...specs.map((spec) => spec.name), ...used.keys()]);
	return [...names].flatMap((socket): Difference[] => {
		const was = used.get(socket) ?? [];
		const now = filesInto(world, node.id, socket);
		if (sameFiles(was, now)) return [];
		const label = specs.find((spec) => spec.name === socket)?.label ?? socket;
		return [{ kind: 'input', socket, label, was, now }];
	});
}

/** By their bytes; by name where nobody said which bytes a take has. The order of wires is not kept in a recipe. */
export const isUsed = (used: Used, file: File): boolean =>
	file.oid === null ? used.name === file.name : used.oid === file.oid;

function sameFiles(was: readonly Used[], now: readonly File[]): boolean {
	if (was.length !== now.length) return false;
	const left = [...now];
	return was.every((used) => {
		const at = left.findIndex((file) => isUsed(used, file));
		if (at >= 0) left.splice(at, 1);
		return at >= 0;
	});
}
