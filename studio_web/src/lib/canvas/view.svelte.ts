import { keep, kept } from '../ui/kept.ts';
import type { LooseEnd } from '../catalog/connect.ts';
import type { Place } from '../commands/command.ts';
import { idSet } from './deck.ts';
import type { DialogRequest } from './dialogs/registry.ts';
import type { Spot } from './edits.ts';
import type { DockName } from './panels/registry.ts';

/**
 * How this person looks at this project: viewport, docked panel, open dialogs. Kept in this browser, never in the
 * document. Made by the workbench.
 */

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

const stored = <T>(key: string) => kept(key) as T | undefined;

export class View {
	addMenu = $state.raw<AddMenuRequest | undefined>();
	/** The one dialog that is open. */
	dialog = $state.raw<DialogRequest | undefined>();
	/** Where a context menu is open. */
	menu = $state.raw<Place | undefined>();
	/** The search bar of the board is open. */
	finding = $state(false);
	/** Rail and panels are hidden. */
	focused = $state(false);
	#minimap = $state(stored<boolean>('studio.minimap') ?? false);
	readonly #key: string;
	#dock = $state<DockName | null>(null);
	#collapsed = $state.raw(idSet([]));

	constructor(project: string, wide: boolean) {
		this.#key = `studio.view.${project}`;
		const folded = stored<unknown>(`${this.#key}.collapsed`);
		if (Array.isArray(folded)) this.#collapsed = idSet(folded.map(String));
		this.#dock = stored<DockName | null>('studio.dock') ?? (wide ? 'inspector' : null);
	}

	get dock(): DockName | null {
		return this.#dock;
	}

	/** The scenes that this person sees as one card. */
	get collapsed(): ReadonlySet<string> {
		return this.#collapsed;
	}

	collapse(ids: readonly string[], collapsed: boolean): void {
		const others = [...this.#collapsed].filter((id) => !ids.includes(id));
		this.#collapsed = idSet(collapsed ? [...others, ...ids] : others);
		keep(`${this.#key}.collapsed`, [...this.#collapsed]);
	}

	/** The map of the board stands in the corner. */
	get minimap(): boolean {
		return this.#minimap;
	}

	toggleMinimap(): void {
		this.#minimap = !this.#minimap;
		keep('studio.minimap', this.#minimap);
	}

	closeDialog(): void {
		this.dialog = undefined;
	}

	toggle(panel: DockName): void {
		// A panel that is asked for is shown, also where all were hidden.
		this.#dock = this.#dock === panel && !this.focused ? null : panel;
		this.focused = false;
		keep('studio.dock', this.#dock);
	}

	concentrate(on: boolean): void {
		this.focused = on;
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

	/** Places of the board that this person comes back to, 1 to 9. */
	bookmark(n: number): Viewport | undefined {
		return stored<Record<number, Viewport>>(`${this.#key}.marks`)?.[n];
	}

	setBookmark(n: number, viewport: Viewport): void {
		const key = `${this.#key}.marks`;
		keep(key, { ...stored<Record<number, Viewport>>(key), [n]: viewport });
	}

	/** Whether a dialog or menu is open, so that the board's keys are silent. */
	get busy(): boolean {
		return this.addMenu !== undefined || this.dialog !== undefined || this.menu !== undefined;
	}
}
