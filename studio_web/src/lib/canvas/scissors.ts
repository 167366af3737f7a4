import { toast } from '../feedback/toast.ts';
import { m } from '../i18n/messages.ts';
import { copy, incoming, paste, read, type Clip } from '../project/clipboard.ts';
import type { Spot } from './edits.ts';
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
		this.#place(clip, at, m.canvas.didPaste(clip.nodes.length), wired);
	}

	duplicate(): void {
		const clip = this.#take();
		if (!clip) return;
		const left = Math.min(...clip.nodes.map((node) => node.x));
		const top = Math.min(...clip.nodes.map((node) => node.y));
		this.#place(clip, { x: left + 36, y: top + 36 }, m.canvas.didDuplicate(clip.nodes.length));
	}

	#take(): Clip | undefined {
		return copy(this.#bench.session.doc, this.#bench.board.selected);
	}

	#place(clip: Clip, at: Spot, label: string, wired = false): void {
		const pasted = paste(clip, at);
		const { session } = this.#bench;
		const wires = wired ? incoming(session.doc, clip, pasted.ids) : [];
		session.edit([...pasted.operations, ...wires], { label });
		this.#bench.board.select(pasted.ids);
	}
}
