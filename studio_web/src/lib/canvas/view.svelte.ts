import { keep, kept } from '../ui/kept.ts';
import type { MenuEntry } from '../ui/menu.ts';
import type { LooseEnd } from '../catalog/connect.ts';
import type { Place } from '../commands/command.ts';
import { idSet } from './deck.ts';
import { sameView } from './lens.ts';
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

function keptIds(key: string): ReadonlySet<string> {
	const found = kept(key);
	return idSet(Array.isArray(found) ? found.map(String) : []);
}

function changed(all: ReadonlySet<string>, ids: readonly string[], into: boolean): ReadonlySet<string> {
	const others = [...all].filter((id) => !ids.includes(id));
	return idSet(into ? [...others, ...ids] : others);
}

export class View {
	addMenu = $state.raw<AddMenuRequest | undefined>();
	/** The one dialog that is open. */
	dialog = $state.raw<DialogRequest | undefined>();
	/** A wire was let go where several inputs may be meant: the menu that asks. */
	choice = $state.raw<{ at: Spot; entries: readonly MenuEntry[] } | undefined>();
	/** Where a context menu is open. */
	menu = $state.raw<Place | undefined>();
	/** The search bar of the board is open. */
	finding = $state(false);
	/** Rail and panels are hidden. */
	focused = $state(false);
	#minimap = $state(stored<boolean>('studio.minimap') ?? false);
	readonly #key: string;
	#kept: Viewport | undefined;
	#dock = $state<DockName | null>(null);
	#collapsed = $state.raw(idSet([]));
	#unfolded = $state.raw(idSet([]));

	constructor(project: string, wide: boolean) {
		this.#key = `studio.view.${project}`;
		this.#collapsed = keptIds(`${this.#key}.collapsed`);
		this.#unfolded = keptIds(`${this.#key}.unfolded`);
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
		this.#collapsed = changed(this.#collapsed, ids, collapsed);
		keep(`${this.#key}.collapsed`, [...this.#collapsed]);
	}

	/** The cards whose inputs this person sees all. */
	get unfolded(): ReadonlySet<string> {
		return this.#unfolded;
	}

	unfold(ids: readonly string[], unfolded: boolean): void {
		this.#unfolded = changed(this.#unfolded, ids, unfolded);
		keep(`${this.#key}.unfolded`, [...this.#unfolded]);
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
		const sound = saved && [saved.x, saved.y, saved.zoom].every(Number.isFinite) && saved.zoom > 0;
		return (this.#kept = sound ? saved : undefined);
	}

	/** Told at the end of every press, also where nothing moved: writing costs as much as some frames. */
	keepViewport(viewport: Viewport): void {
		if (this.#kept && sameView(this.#kept, viewport)) return;
		this.#kept = viewport;
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
		return (this.addMenu ?? this.dialog ?? this.menu ?? this.choice) !== undefined;
	}
}
