import type { GraphEdge, SocketSpec } from '../api/types.ts';
import type { Resolved } from '../catalog/resolve.ts';

/**
 * Which inputs a card keeps to itself until somebody asks for them. Pure, and the only place that decides it: geometry
 * asks, and sizes, sockets and wires follow.
 *
 * What is wired or needed is never among them, so no wire ends in nothing; neither is a field that a person made a
 * socket, nor the first of the pipeline's own files, which its manifest names in the order of their weight.
 */

/** How many of the pipeline's own inputs are shown, wired or not. */
const FIRST = 2;
/** The kinds of cards that fold. An assembler's inputs are few and all meant. */
const folding: ReadonlySet<string> = new Set(['shot', 'process', 'pipeline']);

export const folds = (is: Resolved): boolean =>
	is.pipeline !== undefined && folding.has(is.type?.surface ?? '');

export function foldable(is: Resolved, wires: readonly GraphEdge[]): readonly SocketSpec[] {
	if (!folds(is)) return none;
	const media = is.pipeline?.inputs.map((spec) => spec.name) ?? [];
	const kept = new Set([...media.slice(0, FIRST), ...wires.map((edge) => edge.target_handle)]);
	const offered = new Set([...media, ...(is.type?.inputs.map((spec) => spec.name) ?? [])]);
	const rest = is.inputs.filter((spec) => !spec.required && !kept.has(spec.name) && offered.has(spec.name));
	// A row that says "1 more" is as high as the one it hides.
	return rest.length > 1 ? rest : none;
}

const none: readonly SocketSpec[] = [];
