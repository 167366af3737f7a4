import { announce } from '../../feedback/announce.svelte.ts';
import { arrange as words } from '#words/scenes.ts';
import { scenesOf } from '../scenes/scenes.svelte.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { align, distribute, type Axis, type Edge } from './align.ts';

/** Lining up and spacing the selected cards, for buttons and commands alike. */

export function alignSelection(bench: Workbench, edge: Edge): void {
	const { session, board } = bench;
	const operations = align(session.doc, board.selected, edge, scenesOf(bench).sizes);
	if (operations.length && session.edit(operations, { label: words.didAlign })) announce(words.didAlign);
}

export function distributeSelection(bench: Workbench, axis: Axis): void {
	const { session, board } = bench;
	const operations = distribute(session.doc, board.selected, axis, scenesOf(bench).sizes);
	if (operations.length && session.edit(operations, { label: words.didDistribute }))
		announce(words.didDistribute);
}
