import type { GraphNode, PipelineType, Recipe } from '../api/types.ts';

/**
 * Versions of a pipeline side by side, and what a card remembers of the one that it was set up with. Pure; the studio
 * has the same in domain/editions.py.
 */

export interface Seen {
	id: string;
	version: string;
	inputs: Record<string, string>;
	fields: Record<string, string>;
}

export const seenOf = (pipeline: PipelineType): Seen => ({
	id: pipeline.id,
	version: pipeline.version,
	inputs: Object.fromEntries(pipeline.inputs.map((spec) => [spec.name, spec.type])),
	fields: Object.fromEntries(pipeline.fields.map((spec) => [spec.name, spec.widget]))
});

/** The fields to write when a card is given a pipeline, or none. */
export const choosing = (pipeline: PipelineType | undefined): Record<string, unknown> =>
	pipeline
		? { pipeline: pipeline.id, pipeline_seen: seenOf(pipeline) }
		: { pipeline: null, pipeline_seen: null };

export const idOf = (name: string): string => name.split('@', 1)[0] ?? name;

/** The version that made a take, by name. */
export const madeBy = (recipe: Recipe | null | undefined): string | undefined =>
	recipe ? `${recipe.pipeline}@${recipe.pipeline_version}` : undefined;

/** The name of the pipeline that a card asks for, with the version it was set up with. */
export function namedBy(node: GraphNode): string | undefined {
	const told = node.data.pipeline;
	if (typeof told !== 'string' || told === '') return undefined;
	const seen = node.data.pipeline_seen as Partial<Seen> | null | undefined;
	if (told.includes('@') || typeof seen !== 'object' || typeof seen?.version !== 'string') return told;
	return (seen.id ?? told) === told ? `${told}@${seen.version}` : told;
}
