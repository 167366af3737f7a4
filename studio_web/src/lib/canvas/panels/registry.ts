import type { Component } from 'svelte';

/** The docked panels at the right, fetched when they are first opened. They find the workbench in the context. */

export const docks = {
	history: () => import('./HistoryPanel.svelte'),
	inspector: () => import('./Inspector.svelte'),
	queue: () => import('./QueuePanel.svelte'),
	versions: () => import('./VersionsPanel.svelte')
} satisfies Record<string, () => Promise<{ default: Component<Record<string, never>> }>>;

export type DockName = keyof typeof docks;
