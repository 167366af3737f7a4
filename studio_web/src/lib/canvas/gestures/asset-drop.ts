import { addCard, addInSight } from '../adding.ts';
import type { Spot } from '../edits.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** Putting a file of the project on the board: dropped from the assets panel, or by Enter where a film would have it. */

export const ASSET_TYPE = 'application/x-studio-asset';

export function putAsset(bench: Workbench, id: string, at?: Spot): void {
	const asset = bench.session.runs.assets.get(id);
	if (!asset) return;
	const type = asset.kind === 'audio' ? 'audio' : 'asset';
	const data = { asset: asset.id, kind: asset.kind, name: asset.title };
	if (at) addCard(bench, type, { x: at.x - 116, y: at.y - 18 }, { data, point: at });
	else addInSight(bench, type, data);
}
