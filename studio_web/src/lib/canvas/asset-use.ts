import type { Asset } from '../api/types.ts';
import type { Doc } from '../project/ops.ts';

/** Which cards show a file, and which shots are fed by it, directly or through reroutes and values. Pure. */

export interface Use {
	/** The asset cards that hold the file. */
	cards: string[];
	/** Cards with takes that it feeds. */
	shots: string[];
}

/** How each file of a project is used; files that nobody uses are not in it. */
export function usesOf(doc: Doc, makesTakes: (id: string) => boolean): Map<string, Use> {
	const after = new Map<string, string[]>();
	for (const edge of doc.edges.values()) {
		const list = after.get(edge.source);
		if (list) list.push(edge.target);
		else after.set(edge.source, [edge.target]);
	}
	const uses = new Map<string, Use>();
	for (const node of doc.nodes.values()) {
		const { asset } = node.data;
		if (typeof asset !== 'string' || asset === '') continue;
		const use = uses.get(asset) ?? { cards: [], shots: [] };
		use.cards.push(node.id);
		use.shots.push(...fed(node.id, after, makesTakes).filter((id) => !use.shots.includes(id)));
		uses.set(asset, use);
	}
	return uses;
}

/** The shots a card feeds; the way ends at them, for what they make is theirs. */
function fed(
	from: string,
	after: ReadonlyMap<string, string[]>,
	makesTakes: (id: string) => boolean
): string[] {
	const found = new Set<string>();
	const seen = new Set([from]);
	const waiting = [...(after.get(from) ?? [])];
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		if (seen.has(id)) continue;
		seen.add(id);
		if (makesTakes(id)) found.add(id);
		else waiting.push(...(after.get(id) ?? []));
	}
	return [...found];
}

/** Files by kind and words, the newest first. */
export function listed(assets: Iterable<Asset>, kind: string, text: string): Asset[] {
	const words = text.toLowerCase().split(/\s+/);
	return [...assets]
		.filter((asset) => kind === '' || asset.kind === kind)
		.filter((asset) => {
			const within = `${asset.title}\n${asset.path}`.toLowerCase();
			return words.every((word) => within.includes(word));
		})
		.sort((a, b) => b.created_at.localeCompare(a.created_at));
}
