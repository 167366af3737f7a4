import { takeOfFile } from '#lib/takes/recipe.ts';
import type { Spot } from '../edits.ts';
import type { Workbench } from '../workbench.svelte.ts';

/**
 * A file dropped on the board that has the size of a take: when it is one, asks whether its graph shall be built anew.
 *
 * Fetched for such files only. The hash needs a secure page; without one the name decides.
 */

const MOST_BYTES = 512 * 1024 * 1024;

export async function offerRebuild(
	bench: Workbench,
	file: File,
	at: Spot,
	asClip: () => void
): Promise<void> {
	const takes = [...bench.session.runs.takes.values()].flat();
	const take = await takeOfFile(takes, file, () => hashOf(file)).catch(() => undefined);
	if (take) bench.view.dialog = { kind: 'clip', take, at, asClip };
	else asClip();
}

async function hashOf(file: File): Promise<string | undefined> {
	if (!isSecureContext || file.size > MOST_BYTES) return undefined;
	const bytes = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
	return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
