import type { Operation } from '../../api/types.ts';
import { asked } from '../../feedback/late.ts';
import { toast } from '../../feedback/toast.ts';
import { m } from '../../i18n/messages.ts';
import { type Spot } from '../edits.ts';
import { addPlugged, newNode } from '../new-cards.ts';
import { scenesOf } from '../scenes/scenes.svelte.ts';
import { isScene } from '../scenes/tree.ts';
import { stem, typeFor } from '../file-kinds.ts';
import type { Workbench } from '../workbench.svelte.ts';
import * as words from '#words/paste.ts';

/**
 * Files dropped or pasted on the board: a card for each, filled while one watches. On a shot they are wired into it, on
 * a scene they go into it. A file that is a take may be built anew instead. Fetched with the first files.
 */

const ACROSS = 256;
const DOWN = 260;
const IN_ROW = 4;
const WIDTH = 232;
const BESIDE = 72;

/** `onto` is the card under the pointer. No file at all is what a link brings, dragged out of another page. */
export function dropFiles(bench: Workbench, files: readonly File[], at: Spot, onto?: string): void {
	if (!files.length) return void toast.warn(words.linkOnly, { description: words.linkOnlyText });
	const { doc, runs } = bench.session;
	const scenes = scenesOf(bench);
	const scene = onto !== undefined && isScene(doc.nodes.get(onto)) ? onto : scenes.at(at);
	const card = onto === scene ? undefined : onto;
	const corner = card === undefined ? at : leftOf(bench, card, at);
	files.forEach((file, index) => {
		const spot = {
			x: corner.x + (index % IN_ROW) * ACROSS,
			y: corner.y + Math.floor(index / IN_ROW) * DOWN
		};
		const asClip = () => dropFile(bench, file, spot, card, scene);
		const known = files.length === 1 && [...runs.takes.values()].flat();
		if (!known || !known.some((take) => take.size === file.size)) return asClip();
		asked(
			() => import('../takes/dropped.ts'),
			({ offerRebuild }) => offerRebuild(bench, file, at, asClip)
		);
	});
}

/** Room for a card of a file beside the one it is dropped on, so that it covers nothing of it. */
function leftOf(bench: Workbench, id: string, at: Spot): Spot {
	const box = bench.board.box(id);
	return box ? { x: box.x - WIDTH - BESIDE, y: at.y } : at;
}

function dropFile(
	bench: Workbench,
	file: File,
	spot: Spot,
	onto: string | undefined,
	scene: string | null
): void {
	const { catalog, session } = bench;
	const type = typeFor(file);
	const kind = type === 'audio' ? 'audio' : file.type.startsWith('video/') ? 'video' : 'image';
	const made = newNode(catalog, session.doc, type, spot, { kind, name: stem(file.name) });
	const { nodes, grow } = scenesOf(bench).house([made], scene);
	const node = nodes[0] ?? made;
	const add: Operation[] = [...addPlugged(catalog, session.doc, node, onto), ...grow];
	session.edit(add, { label: m.canvas.didAdd(stem(file.name)) });
	void bench.fill(node.id, file, add);
}
