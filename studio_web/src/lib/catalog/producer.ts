import type { GraphNode, NodeType, Quality } from '../api/types.ts';

/** What a card asks for at least: the twin of studio_server/domain/producer.py. Pure. */

export const QUALITIES = ['low', 'standard', 'high'] as const;

const rank = (quality: unknown): number => QUALITIES.findIndex((one) => one === quality);

/** The quality below which a card steps aside, when the project is below it: it hands on what comes in. */
export function asideBelow(
	type: NodeType | undefined,
	node: GraphNode,
	quality: Quality | undefined
): string | undefined {
	const least = node.data.min_quality;
	if (!type?.improves || quality === undefined || rank(quality) < 0) return undefined;
	return rank(least) > rank(quality) ? QUALITIES[rank(least)] : undefined;
}
