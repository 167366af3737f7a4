import { announce } from '../../feedback/announce.svelte.ts';
import { toast } from '../../feedback/toast.ts';
import { arrange as words } from '#words/scenes.ts';
import { scenesOf } from '../scenes/scenes.svelte.ts';
import type { Workbench } from '../workbench.svelte.ts';
import type { Layer, Spots } from './layers.ts';
import type { Answered, Asked } from './tidy.worker.ts';
import { tidy } from './tidy.ts';
import url from './tidy.worker.ts?worker&url';

/** Tidies a board: the layout is worked out in a worker, so that the board stays alive meanwhile. */

let worker: Worker | undefined;
let next = 0;

interface Policy {
	createScriptURL: (url: string) => string;
}
interface Typed {
	trustedTypes?: { createPolicy: (name: string, rules: Policy) => Policy };
}

/** The one address that a worker of the board may be started from. */
const policy = (globalThis as Typed).trustedTypes?.createPolicy('studio-worker-url', {
	createScriptURL: (asked) => {
		if (asked !== url) throw new TypeError('Not a worker of the studio');
		return asked;
	}
});

function lay(layer: Layer): Promise<Spots> {
	const here = (worker ??= new Worker(policy?.createScriptURL(url) ?? url, { type: 'module' }));
	const asked: Asked = { id: next++, layer };
	return new Promise((done, failed) => {
		const stop = () => {
			here.removeEventListener('message', heard);
			here.removeEventListener('error', broke);
		};
		const heard = ({ data }: MessageEvent<Answered>) => {
			if (data.id !== asked.id) return;
			stop();
			done(data.spots);
		};
		const broke = (event: ErrorEvent) => {
			stop();
			worker = undefined;
			here.terminate();
			failed(new Error(event.message));
		};
		here.addEventListener('message', heard);
		here.addEventListener('error', broke);
		here.postMessage(asked);
	});
}

/** Cards glide to their places, unless the person asked for less motion; wires step back until they are there. */
const GLIDE_MS = 260;

export async function tidyBoard(bench: Workbench): Promise<void> {
	const { session, board } = bench;
	const ids = board.selected.length ? board.selected : [...session.doc.nodes.keys()];
	const before = session.doc;
	let operations;
	try {
		operations = await tidy(before, ids, scenesOf(bench).sizes, lay);
	} catch {
		toast.warn(words.tidyFailed, { id: 'tidy' });
		return announce(words.tidyFailed, { urgent: true });
	}
	if (!operations.length) return announce(words.tidyAlready);
	const element = document.querySelector<HTMLElement>('[data-board]');
	element?.classList.add('gliding');
	setTimeout(() => element?.classList.remove('gliding'), GLIDE_MS);
	if (!session.edit(operations, { label: words.didTidy })) return;
	toast.undo(words.didTidy, () => bench.undo(), { id: 'tidy' });
	announce(words.didTidy);
	if (!board.selected.length) bench.camera?.fit();
}
