import type { GraphNode } from '../api/types.ts';
import type { Doc } from '../project/ops.ts';

/**
 * Who lies in what: the scenes around a card and whether one of them mutes it. The twin of
 * studio_server/domain/scenes.py.
 *
 * Pure. A file from outside may hold scenes that lie in each other: every walk here ends all the same.
 */

/** The scenes a card lies in, innermost first. */
export function around(doc: Doc, node: GraphNode): GraphNode[] {
	if (node.parent === null) return [];
	const seen = new Set([node.id]);
	const found: GraphNode[] = [];
	for (let id: string | null = node.parent; id !== null && !seen.has(id);) {
		const scene: GraphNode | undefined = doc.nodes.get(id);
		if (!scene) break;
		seen.add(id);
		found.push(scene);
		id = scene.parent;
	}
	return found;
}

/** Whether a card gives nothing: it is muted itself, or a scene around it is. */
export const isMuted = (doc: Doc, node: GraphNode): boolean =>
	node.data.muted === true || around(doc, node).some((scene) => scene.data.muted === true);
