import type { Component } from 'svelte';

/** The docked panels at the right, fetched when they are first opened. They find the workbench in the context. */

export const docks = {
	assets: () => import('./AssetsPanel.svelte'),
	history: () => import('./HistoryPanel.svelte'),
	inspector: () => import('./Inspector.svelte'),
	outline: () => import('./OutlinePanel.svelte'),
	queue: () => import('./QueuePanel.svelte'),
	versions: () => import('./VersionsPanel.svelte')
} satisfies Record<string, () => Promise<{ default: Component<Record<string, never>> }>>;

export type DockName = keyof typeof docks;
