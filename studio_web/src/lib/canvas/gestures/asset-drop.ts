import { announce } from '../../feedback/announce.svelte.ts';
import { m } from '../../i18n/messages.ts';
import { newNode, type Spot } from '../edits.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** Putting a file of the project on the board: dropped from the assets panel, or by Enter in the middle of what is seen. */

export const ASSET_TYPE = 'application/x-studio-asset';

export function putAsset(bench: Workbench, id: string, at?: Spot): void {
	const asset = bench.session.runs.assets.get(id);
	if (!asset) return;
	const type = asset.kind === 'audio' ? 'audio' : 'asset';
	const middle = at ?? bench.camera?.middle() ?? { x: 0, y: 0 };
	const spot = { x: middle.x - 116, y: middle.y - 18 };
	const data = { asset: asset.id, kind: asset.kind, name: asset.title };
	const node = newNode(bench.catalog, bench.session.doc, type, spot, data);
	const label = m.canvas.didAdd(asset.title);
	bench.session.edit([{ op: 'node.add', node }], { label });
	bench.board.select([node.id]);
	announce(label);
}
