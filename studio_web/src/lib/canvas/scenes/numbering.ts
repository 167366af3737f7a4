import type { Operation } from '../../api/types.ts';
import type { Doc } from '../../project/ops.ts';
import { above, isScene } from './tree.ts';

/**
 * Which scene number shots get when they are put into a scene. Pure.
 *
 * A shot without takes takes the scene's number. One with takes keeps its own: its folder is named after it.
 */

/** Whether a card has takes: they are the studio's, not the document's. */
export type HasTakes = (id: string) => boolean;

/** The scene number of a scene, its own or that of the scene around it. */
export function sceneNumber(doc: Doc, id: string): string | undefined {
	for (const one of [id, ...above(doc, id)]) {
		const number = doc.nodes.get(one)?.data.scene;
		if (isScene(doc.nodes.get(one)) && typeof number === 'string' && number !== '') return number;
	}
	return undefined;
}

/** The next scene number that no scene and no shot has: `04`. */
export function freeNumber(doc: Doc): string {
	let last = 0;
	for (const { data } of doc.nodes.values())
		if (Number.isInteger(Number(data.scene))) last = Math.max(last, Number(data.scene));
	return String(last + 1).padStart(2, '0');
}

const codeParts = (code: string) => /^(\D*)(\d+)$/.exec(code);

/** The scene and, where another card has that pair, the next free code, for cards that are put into a scene. */
export function renumbered(
	doc: Doc,
	ids: readonly string[],
	scene: string | undefined,
	hasTakes: HasTakes
): Operation[] {
	if (scene === undefined) return [];
	const moving = ids.filter((id) => {
		const own = doc.nodes.get(id)?.data;
		return typeof own?.code === 'string' && own.scene !== scene && !hasTakes(id);
	});
	const leaving = new Set(moving);
	const taken = new Set(
		[...doc.nodes.values()]
			.filter((node) => node.data.scene === scene && !leaving.has(node.id))
			.map((node) => String(node.data.code))
	);
	return moving.flatMap((id): Operation[] => {
		const code = String(doc.nodes.get(id)?.data.code);
		const free = taken.has(code) ? nextCode(code, taken) : code;
		taken.add(free);
		const set = (name: string, value: string): Operation => ({ op: 'node.set', id, name, value });
		return free === code ? [set('scene', scene)] : [set('scene', scene), set('code', free)];
	});
}

function nextCode(code: string, taken: ReadonlySet<string>): string {
	const prefix = codeParts(code)?.[1] ?? '';
	const numbers = [...taken].flatMap((one) => {
		const parts = codeParts(one);
		return parts?.[1] === prefix ? [Number(parts[2])] : [];
	});
	const next = Math.floor(Math.max(0, ...numbers) / 10) * 10 + 10;
	return prefix + String(next).padStart(3, '0');
}
