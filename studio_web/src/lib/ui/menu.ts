/** What stands in a menu, as data: the same list can feed a menu, a context menu and the command palette. */
import type { Component } from 'svelte';

export interface MenuAction {
	label: string;
	icon?: Component;
	/** As in `Kbd`: `Ctrl+D`. */
	keys?: string;
	/** A second, quiet line. */
	hint?: string;
	danger?: boolean;
	disabled?: boolean;
	/** For a choice: shows a mark. */
	checked?: boolean;
	run: () => void;
}

export interface Submenu {
	label: string;
	icon?: Component;
	entries: readonly MenuEntry[];
}

export type MenuEntry = MenuAction | Submenu | { heading: string } | 'line';

export const isSubmenu = (entry: MenuEntry): entry is Submenu =>
	typeof entry === 'object' && 'entries' in entry;
export const isHeading = (entry: MenuEntry): entry is { heading: string } =>
	typeof entry === 'object' && 'heading' in entry;
