import { api, errorBody } from '../api/client.ts';
import type { Imported, Operation } from '../api/types.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { toast } from '../feedback/toast.ts';
import { MOST_CARDS, type Clip } from '../project/clipboard.ts';
import { incoming, missingFiles, paste, refilled } from '../project/pasting.ts';
import { chunks } from '../project/replica.ts';
import * as words from '#words/paste.ts';
import type { Spot } from './edits.ts';
import type { Workbench } from './workbench.svelte.ts';

/**
 * Puts a clipboard on the board, however large: in parts, so that the board goes on moving, as one undo step, with a
 * way out. Files of another project are offered to be brought over. Fetched with the first paste.
 */

/** Fewer cards are placed at one go. */
const PART = 400;
const TOAST = 'pasting';

export async function place(
	bench: Workbench,
	clip: Clip,
	at: Spot,
	label: string,
	{ wired = false, home = false }: { wired?: boolean; home?: boolean } = {}
): Promise<void> {
	const { session } = bench;
	const all = clip.nodes.length;
	if (all > MOST_CARDS) {
		toast.warn(words.tooMany(all), { description: words.tooManyText(MOST_CARDS) });
		return announce(words.tooMany(all), { urgent: true });
	}
	const into = home && clip.home !== undefined ? (bench.node(clip.home) ?? null) : null;
	const pasted = paste(clip, at, undefined, into, session.doc);
	const wires = wired ? incoming(session.doc, clip, pasted.ids) : [];
	const operations = [...pasted.operations, ...wires];
	if (!(await inParts(bench, operations, all, label))) return;
	bench.board.select(pasted.ids);
	announce(label);
	offerFiles(bench, clip, pasted.ids);
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
