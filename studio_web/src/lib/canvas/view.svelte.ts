import type { LooseEnd } from '../catalog/connect.ts';
import type { Spot } from './edits.ts';

/**
 * How this person looks at this project: viewport, docked panel, open dialogs. Kept in this browser, never in the
 * document. Made by the workbench.
 */

export type Dock = 'inspector' | 'queue' | null;

export interface AddMenuRequest {
	/** Where on the screen the menu opens. */
	screen: Spot;
	/** Where on the board the node lands. */
	board: Spot;
	/** The wire end that waits to be plugged in. */
	end?: LooseEnd;
}

export interface Viewport {
	x: number;
	y: number;
	zoom: number;
}

function stored<T>(key: string): T | undefined {
	try {
		const text = localStorage.getItem(key);
		return text === null ? undefined : (JSON.parse(text) as T);
	} catch {
		return undefined;
	}
}

function keep(key: string, value: unknown): void {
	try {
		localStorage.setItem(key, JSON.stringify(value));
	} catch {
		// Private windows may refuse: the view then lasts for this page.
	}
}

export class View {
	addMenu = $state.raw<AddMenuRequest | undefined>();
	player = $state.raw<{ node: string } | { film: string } | undefined>();
	exporting = $state.raw<string | undefined>();
	shortcuts = $state(false);
	readonly #key: string;
	#dock = $state<Dock>(null);

	constructor(project: string, wide: boolean) {
		this.#key = `studio.view.${project}`;
		this.#dock = stored<Dock>('studio.dock') ?? (wide ? 'inspector' : null);
	}

	get dock(): Dock {
		return this.#dock;
	}

	toggle(panel: 'inspector' | 'queue'): void {
		this.#dock = this.#dock === panel ? null : panel;
		keep('studio.dock', this.#dock);
	}

	get viewport(): Viewport | undefined {
		const saved = stored<Viewport>(this.#key);
		return saved && [saved.x, saved.y, saved.zoom].every(Number.isFinite) && saved.zoom > 0
			? saved
			: undefined;
	}

	keepViewport(viewport: Viewport): void {
		keep(this.#key, viewport);
	}

	/** Whether a dialog or menu is open, so that the board's keys are silent. */
	get busy(): boolean {
		return (
			this.addMenu !== undefined ||
			this.player !== undefined ||
			this.exporting !== undefined ||
			this.shortcuts
		);
	}
}
