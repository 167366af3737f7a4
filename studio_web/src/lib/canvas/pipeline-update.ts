import type { GraphNode, PipelineType } from '../api/types.ts';
import { idOf, seenOf, type Seen } from '../catalog/edition.ts';

/**
 * What a person accepted of a pipeline, against what the studio runs now. Pure.
 *
 * A card that names a pipeline remembers its inputs and settings (`pipeline_seen`), so that a newer one can be offered
 * with the difference.
 */

export interface Change {
	name: string;
	/** What it was and what it is: a socket type, or a widget. */
	was: string | undefined;
	is: string | undefined;
}

export interface Difference {
	from: string;
	to: string;
	inputs: Change[];
	fields: Change[];
}

const words = (value: unknown): Record<string, string> =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]))
		: {};

function changes(was: Record<string, string>, is: Record<string, string>): Change[] {
	const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
	return names
		.filter((name) => was[name] !== is[name])
		.map((name) => ({ name, was: was[name], is: is[name] }));
}

/** What changed since the person accepted the pipeline; nothing where the card remembers none, or the same one. */
export function difference(node: GraphNode, pipeline: PipelineType | undefined): Difference | undefined {
	const seen = node.data.pipeline_seen as Partial<Seen> | undefined;
	if (!pipeline || idOf(String(node.data.pipeline)) !== pipeline.id) return undefined;
	if (typeof seen !== 'object' || seen === null || typeof seen.version !== 'string') return undefined;
	if (seen.id !== undefined && seen.id !== pipeline.id) return undefined;
	const now = seenOf(pipeline);
	const inputs = changes(words(seen.inputs), now.inputs);
	const fields = changes(words(seen.fields), now.fields);
	if (seen.version === now.version && !inputs.length && !fields.length) return undefined;
	return { from: seen.version, to: now.version, inputs, fields };
}
