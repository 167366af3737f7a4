import { asked } from '../feedback/late.ts';
import { toast } from '../feedback/toast.ts';
import { m } from '../i18n/messages.ts';
import { copy, read, topLeft, type Clip } from '../project/clipboard.ts';
import type { Spot } from './edits.ts';
import type { Way } from './placing-clips.ts';
import type { Workbench } from './workbench.svelte.ts';

/**
 * Copy, cut, paste and duplicate. Works through the browser's own clipboard events, which need no permission, so a
 * clip goes from one project or tab to another.
 */
export class Scissors {
	/** The next paste brings along the wires that came in from cards outside of the copied ones. */
	keepWires = false;
	readonly #bench: Workbench;

	constructor(bench: Workbench) {
		this.#bench = bench;
	}

	oncopy(event: ClipboardEvent): void {
		const clip = this.#take();
		if (!clip || !event.clipboardData) return;
		event.preventDefault();
		event.clipboardData.setData('text/plain', JSON.stringify(clip));
		toast.show(m.canvas.didCopy(clip.nodes.length), { id: 'copied', duration: 2000 });
	}

	oncut(event: ClipboardEvent): void {
		this.oncopy(event);
		if (event.defaultPrevented) this.#bench.removeSelection();
	}

	onpaste(event: ClipboardEvent, at: Spot): void {
		const files = [...(event.clipboardData?.files ?? [])];
		if (files.length) {
			event.preventDefault();
			return this.#bench.dropFiles(files, at);
		}
		const clip = read(event.clipboardData?.getData('text/plain') ?? '');
		if (!clip) return;
		event.preventDefault();
		const wired = this.keepWires;
		this.keepWires = false;
		this.#place(clip, at, m.canvas.didPaste(clip.nodes.length), {
			wired,
			where: this.#bench.pointer ? 'pointer' : 'keys'
		});
	}

	/** Copies beside the cards, in the scene that they lie in; `carried` there by hand, in the one where they were let go. */
	duplicate(by: Spot = { x: 36, y: 36 }, carried = false): void {
		const clip = this.#take();
		if (!clip) return;
		const { x, y } = topLeft(clip);
		const at = { x: x + by.x, y: y + by.y };
		this.#place(clip, at, m.canvas.didDuplicate(clip.nodes.length), { where: carried ? 'hand' : 'home' });
	}

	#take(): Clip | undefined {
		const { board, session } = this.#bench;
		return copy(session.doc, board.selected, session.id, session.runs.assets);
	}

	#place(clip: Clip, at: Spot, label: string, how: Way): void {
		asked(
			() => import('./placing-clips.ts'),
			({ place }) => place(this.#bench, clip, at, label, how)
		);
	}
}
