import { tick } from 'svelte';
import { goto } from '$app/navigation';
import type { Workbench } from '../canvas/workbench.svelte.ts';

/** From anywhere in a project to a card on its board: opens the canvas where it is not open, selects and shows it. */
export async function openOnCanvas(bench: Workbench, id: string): Promise<void> {
	if (!bench.camera) {
		await goto(`/p/${bench.session.id}`);
		await tick();
	}
	bench.show(id);
}
