import type { Component } from 'svelte';
import type { Take } from '#lib/api/types.ts';
import type { Choice } from '#lib/takes/marks.ts';
import type { LooseEnd } from '../../catalog/connect.ts';
import type { Spot } from '../edits.ts';
import type { Workbench } from '../workbench.svelte.ts';

/**
 * Every dialog of the canvas and where it comes from: fetched when it is first opened. A new one is a line in each list.
 *
 * A dialog gets `bench` and its own request as props and closes itself with `bench.view.closeDialog()`.
 */

export type SettingsTab = 'keys' | 'board' | 'you' | 'end' | 'theme';

export interface Requests {
	/** The big player, on a shot's takes or a film. */
	player: { node: string } | { film: string };
	/** An assembler's cut, played and cut. */
	cut: { node: string };
	/** What is said in a card's sound. */
	captions: { node: string };
	/** Writing the edit of an assembler. */
	export: { node: string };
	/** A file that is a take of this project was dropped on the board. */
	clip: { take: Take; at: Spot; asClip: () => void };
	/** Takes of one card, or the takes that several cards show, on one clock. */
	compare: { nodes: readonly string[]; choices?: readonly Choice[] };
	/** A sweep over one or two settings of a card. */
	wedge: { node: string };
	/** All takes of a card as a table; `before` are the takes and tasks, by name and id, that were there before a sweep. */
	sheet: { node: string; before?: ReadonlySet<string> };
	/** What is out of date and what has no take, of these cards or of the whole film. */
	rebuild: { cards?: readonly string[] };
	/** A script page to a film. */
	script: Record<never, never>;
	/** Why takes are turned down. */
	reject: { choices: readonly Choice[] };
	/** A scene's shots, or an assembler's cut, in story order. */
	filmstrip: { node: string };
	/** What changed in the pipeline that a card names. */
	update: { node: string };
	/** The sheet of all keys. */
	shortcuts: Record<never, never>;
	settings: { tab?: SettingsTab };
	/** What the project asks for, for everybody. */
	project: Record<never, never>;
	/** A new alternate, of the board as it is or of a version, or another name for one. */
	alternate: { version?: { id: string; name: string }; rename?: { id: string; name: string } };
	/** An alternate beside the board, and merged into it. */
	alternates: { id: string };
	/** What the board and a change from outside both changed, of one such change or the newest. */
	contested: { revision?: number };
	/** Keeping the canvas under a name. */
	version: Record<never, never>;
	/** The project with git: the commands, and a token. */
	clone: Record<never, never>;
	/** Shown around, step by step. */
	tour: Record<never, never>;
	/** What other systems are told. */
	hooks: Record<never, never>;
	/** Everything by name. */
	palette: Record<never, never>;
	rename: { node: string };
	/** Points on a card's still, placed by hand; `field` is the input that takes them. */
	points: { node: string; field: string };
	/** A new card, placed by the studio. */
	add: Record<never, never>;
	/** The selection into a scene. */
	into: Record<never, never>;
	/** The wires of a card by lists. */
	wire: { node: string; end?: LooseEnd };
}

export type DialogRequest = { [K in keyof Requests]: { kind: K } & Requests[K] }[keyof Requests];

type Loaded<K extends keyof Requests> = Promise<{
	default: Component<{ bench: Workbench; request: Requests[K] }>;
}>;

export const dialogs: { [K in keyof Requests]: () => Loaded<K> } = {
	player: () => import('./PlayerDialog.svelte'),
	cut: () => import('./CutDialog.svelte'),
	captions: () => import('./CaptionsDialog.svelte'),
	export: () => import('./ExportDialog.svelte'),
	clip: () => import('./ClipDialog.svelte'),
	compare: () => import('./CompareDialog.svelte'),
	wedge: () => import('./WedgeDialog.svelte'),
	sheet: () => import('./SheetDialog.svelte'),
	rebuild: () => import('./RebuildDialog.svelte'),
	script: () => import('./ScriptFilmDialog.svelte'),
	reject: () => import('./RejectDialog.svelte'),
	filmstrip: () => import('./FilmstripDialog.svelte'),
	update: () => import('./UpdateDialog.svelte'),
	shortcuts: () => import('./ShortcutSheet.svelte'),
	settings: () => import('./SettingsDialog.svelte'),
	project: () => import('./ProjectDialog.svelte'),
	alternate: () => import('./AlternateDialog.svelte'),
	alternates: () => import('./AlternatesDialog.svelte'),
	contested: () => import('./ContestedDialog.svelte'),
	version: () => import('./VersionDialog.svelte'),
	clone: () => import('./CloneDialog.svelte'),
	tour: () => import('./Tour.svelte'),
	hooks: () => import('./HooksDialog.svelte'),
	palette: () => import('./Palette.svelte'),
	add: () => import('./AddDialog.svelte'),
	into: () => import('./IntoDialog.svelte'),
	rename: () => import('./RenameDialog.svelte'),
	points: () => import('./PointsDialog.svelte'),
	wire: () => import('./WireDialog.svelte')
};
