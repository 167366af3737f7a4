import { api, errorBody } from '../api/client.ts';
import type { Imported, Operation } from '../api/types.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { toast } from '../feedback/toast.ts';
import { MOST_CARDS, type Clip } from '../project/clipboard.ts';
import { incoming, missingFiles, paste, refilled } from '../project/pasting.ts';
import { chunks } from '../project/replica.ts';
import * as words from '#words/paste.ts';
import type { Spot } from './edits.ts';
import { belowIn, PAD } from './scenes/grouping.ts';
import { scenesOf } from './scenes/scenes.svelte.ts';
import { above, originOf } from './scenes/tree.ts';
import type { Workbench } from './workbench.svelte.ts';

/**
 * Puts a clipboard on the board, however large: in parts, so that the board goes on moving, as one undo step, with a
 * way out. Files of another project are offered to be brought over. Fetched with the first paste.
 */

/** Fewer cards are placed at one go. */
const PART = 400;
const TOAST = 'pasting';
/** Between a scene and its copy. */
const APART = 48;

/** How a clip is put on the board. */
export interface Way {
	/** With the wires that came in from outside. */
	wired?: boolean;
	/** In the scene it was copied in, where the pointer is, where the hand let it go, or without a pointer. */
	where: 'home' | 'pointer' | 'hand' | 'keys';
}

export async function place(
	bench: Workbench,
	clip: Clip,
	at: Spot,
	label: string,
	{ wired = false, where }: Way
): Promise<void> {
	const { session } = bench;
	const all = clip.nodes.length;
	if (all > MOST_CARDS) {
		toast.warn(words.tooMany(all), { description: words.tooManyText(MOST_CARDS) });
		return announce(words.tooMany(all), { urgent: true });
	}
	const scenes = scenesOf(bench);
	const goal = goalOf(bench, clip, at, where);
	const pasted = paste(clip, goal.at);
	const { nodes, grow } = scenes.house(pasted.nodes, goal.scene);
	const ids = nodes.map((node) => node.id);
	const operations = [
		...nodes.map((node): Operation => ({ op: 'node.add', node })),
		...pasted.wires,
		...(wired ? incoming(session.doc, clip, ids) : []),
		...grow
	];
	const into = where !== 'home' && goal.scene !== null;
	const said = into ? words.into(label, scenes.nameOf(goal.scene ?? '')) : label;
	if (!(await inParts(bench, operations, all, said))) return;
	const folded = goal.scene !== null && scenes.shownFor(ids[0] ?? '') !== ids[0];
	bench.board.select(folded ? [scenes.shownFor(ids[0] ?? '')] : ids);
	// In a collapsed scene nobody sees the cards come.
	if (folded) toast.show(said, { id: 'copied', duration: 4000 });
	announce(said);
	offerFiles(bench, clip, ids);
}

interface Goal {
	at: Spot;
	scene: string | null;
}

/**
 * The scene a clip goes into, and where: the one at that spot, else the one that is selected, below what lies in it.
 * A copy of a scene does not go into that scene, but beside it.
 */
function goalOf(bench: Workbench, clip: Clip, at: Spot, where: Way['where']): Goal {
	if (where === 'home') return { at, scene: clip.home ?? null };
	const { doc } = bench.session;
	const scenes = scenesOf(bench);
	const own = new Set(clip.nodes.map((node) => node.id));
	if (where === 'hand') {
		const point = bench.pointer && bench.camera ? bench.camera.toBoard(bench.pointer) : at;
		const there = scenes.at(point);
		const up = there === null ? [] : [there, ...above(doc, there)];
		return { at, scene: up.find((id) => !own.has(id)) ?? null };
	}
	const there = scenes.at(at);
	const wanted = where === 'pointer' && there !== null ? there : (scenes.wanted() ?? there);
	if (wanted === null) return { at, scene: null };
	const itself = [wanted, ...above(doc, wanted)].findLast((id) => own.has(id));
	if (itself !== undefined) {
		const box = scenes.room(itself) ?? { ...at, width: 0, height: 0 };
		return { at: { x: box.x + box.width + APART, y: box.y }, scene: above(doc, itself)[0] ?? null };
	}
	if (wanted === there) return { at, scene: there };
	const origin = originOf(doc, wanted);
	return { at: { x: origin.x + PAD, y: origin.y + belowIn(doc, wanted, scenes.sizes) }, scene: wanted };
}

/** True when all is placed; false when the person took it back. */
async function inParts(
	bench: Workbench,
	operations: readonly Operation[],
	all: number,
	label: string
): Promise<boolean> {
	const key = crypto.randomUUID();
	const options = { label, key, whole: true };
	const parts = chunks(operations, PART);
	let stop = false;
	let done = 0;
	for (const part of parts) {
		bench.session.edit(part, options);
		done += part.filter((one) => one.op === 'node.add').length;
		if (parts.length < 3) continue;
		const action = { label: words.stop, run: () => void (stop = true) };
		toast.show(words.pasting(done, all), { id: TOAST, duration: 0, action });
		await new Promise((resolve) => setTimeout(resolve));
		if (!stop) continue;
		const top = bench.session.steps.undo.at(-1);
		if (top?.key === key) bench.session.undo();
		toast.show(words.stopped, { id: TOAST });
		announce(words.stopped);
		return false;
	}
	toast.dismiss(TOAST);
	return true;
}

const MOST_NAMES = 3;

function offerFiles(bench: Workbench, clip: Clip, ids: readonly string[]): void {
	const { session } = bench;
	if (clip.project === undefined || clip.project === session.id) return;
	const missing = missingFiles(clip, (asset) => session.runs.assets.has(asset));
	if (!missing.length) return;
	const names = missing.slice(0, MOST_NAMES).map((file) => `“${file.title}”`);
	if (missing.length > MOST_NAMES) names.push(words.andMore(missing.length - MOST_NAMES));
	const text = words.missing(missing.length);
	announce(text);
	toast.warn(text, {
		id: 'missing-files',
		description: words.missingText(names.join(', ')),
		duration: 0,
		action: {
			label: words.importThem(missing.length),
			run: () => void bringOver(bench, clip.project ?? '', missing, ids)
		}
	});
}

async function bringOver(
	bench: Workbench,
	from: string,
	files: readonly { id: string }[],
	ids: readonly string[]
): Promise<void> {
	const { session } = bench;
	toast.show(words.importing(files.length), { id: 'missing-files', duration: 0 });
	try {
		const wish = { from_project: from, asset_ids: files.map((file) => file.id) };
		const { assets } = await api.post<Imported>(`/projects/${session.id}/assets/import`, wish);
		const found = new Map(Object.entries(assets).map(([old, asset]) => [old, asset.id]));
		const label = words.didImport(found.size);
		session.edit(refilled(session.doc, ids, found), { label });
		toast.success(label, { id: 'missing-files' });
		announce(label);
	} catch (thrown) {
		toast.dismiss('missing-files');
		bench.fail(errorBody(thrown));
	}
}
