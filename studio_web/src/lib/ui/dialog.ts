import type { Snippet } from 'svelte';

export interface DialogProps {
	open?: boolean;
	title: string;
	/** One sentence under the title; also what screen readers say. */
	description?: string;
	/** `broad` for pages of settings, `wide` for players, `full` for comparisons: as much of the window as there is. */
	size?: 'small' | 'medium' | 'broad' | 'wide' | 'full';
	/** Over the whole window, without a title bar: for full screen. */
	cover?: boolean;
	/** Esc, the cross and a click outside do nothing while it is false, for example while saving. */
	closable?: boolean;
	onclose?: () => void;
	children: Snippet;
	footer?: Snippet;
}
