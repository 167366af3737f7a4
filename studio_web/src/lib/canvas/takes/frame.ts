import type { Asset, GraphNode, Operation, Take } from '#lib/api/types.ts';
import { api, errorBody } from '#lib/api/client.ts';
import { firstFit, whyNot, wireFrom, type LooseEnd } from '#lib/catalog/connect.ts';
import { announce } from '#lib/feedback/announce.svelte.ts';
import { toast } from '#lib/feedback/toast.ts';
import { apply } from '#lib/project/ops.ts';
import { frames as words } from '#words/takes.ts';
import { connect } from '../edits.ts';
import { newNode } from '../new-cards.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { spotFor } from './place.ts';

/**
 * The next shot from a frame of this one: the picture on screen becomes a still of the project, wired into a new shot
 * or into one that is there. One undo step; the file stays in the project.
 */

/** The picture a video shows, in its own size. It must stand still. */
export async function pictureOf(video: HTMLVideoElement, name: string): Promise<File> {
	const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
	const pen = canvas.getContext('2d');
	if (!pen || canvas.width === 0) throw new RangeError('there is no picture yet');
	pen.drawImage(video, 0, 0);
	return new File([await canvas.convertToBlob({ type: 'image/png' })], `${name}.png`, { type: 'image/png' });
}

/** Waits until the picture that was asked for is the one on screen. */
export async function standing(video: HTMLVideoElement): Promise<void> {
	while (video.seeking || video.readyState < 2)
		await new Promise((done) => video.addEventListener('seeked', done, { once: true }));
	await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

export interface FromFrame {
	node: GraphNode;
	take: Take;
	frame: number;
	video: HTMLVideoElement;
}

/** `target` is the shot that the frame goes into; without it, a new one is made. */
export async function startFrom(
	bench: Workbench,
	{ node, take, frame, video }: FromFrame,
	target?: string
): Promise<boolean> {
	try {
		await standing(video);
		const file = await pictureOf(video, `${take.name}_f${String(frame).padStart(4, '0')}`);
		const asset = await api.upload<Asset>(`/projects/${bench.session.id}/assets`, file);
		return place(bench, node, asset, target);
	} catch (thrown) {
		bench.fail(errorBody(thrown));
		return false;
	}
}

function place(bench: Workbench, from: GraphNode, asset: Asset, target?: string): boolean {
	const { catalog } = bench;
	const { doc } = bench.session;
	const made = { asset: asset.id, kind: asset.kind, name: asset.title };
	const still = { ...newNode(catalog, doc, 'asset', { x: 0, y: 0 }, made), parent: from.parent };
	const shot =
		target === undefined
			? {
					...newNode(
						catalog,
						doc,
						'shot',
						{ x: 0, y: 0 },
						{ scene: from.data.scene, prompt: from.data.prompt }
					),
					parent: from.parent
				}
			: bench.node(target);
	if (!shot) return false;
	const at = target === undefined ? spotFor(bench, shot) : undefined;
	const spot = spotFor(bench, still, at ? [at] : []);
	const add: Operation[] = [
		{ op: 'node.add', node: { ...still, x: spot.x, y: spot.y } },
		...(at ? [{ op: 'node.add', node: { ...shot, x: at.x, y: at.y } } as const] : [])
	];
	const after = apply(doc, add);
	const end: LooseEnd = { node: still.id, handle: 'media', side: 'source' };
	const fit = firstFit(catalog, after, end, shot);
	if (!fit) {
		bench.refuse(whyNot(catalog, after, end, shot));
		return false;
	}
	const name = typeof shot.data.code === 'string' ? words.shot(shot.data.code) : words.newShot;
	const label = words.did(asset.title, name);
	const wires = connect(catalog, after, wireFrom(end, shot.id, fit.name));
	if (!bench.session.edit([...add, ...wires], { label })) return false;
	bench.board.select([shot.id]);
	if (at)
		bench.camera?.reveal(
			at,
			bench.board.nodes.map((card) => ({ ...at, ...card.position }))
		);
	toast.undo(label, () => bench.undo(), { id: 'from-frame' });
	announce(label);
	return true;
}

/** The shots that a still can start, with the socket it would go into. */
export function startable(bench: Workbench, from: string): GraphNode[] {
	const { catalog } = bench;
	const { doc } = bench.session;
	const still = newNode(catalog, doc, 'asset', { x: 0, y: 0 }, { kind: 'image' });
	const after = apply(doc, [{ op: 'node.add', node: still }]);
	const end: LooseEnd = { node: still.id, handle: 'media', side: 'source' };
	const code = (node: GraphNode) => `${String(node.data.scene ?? '')} ${String(node.data.code ?? '')}`;
	return [...doc.nodes.values()]
		.filter((node) => node.id !== from && node.type === 'shot' && firstFit(catalog, after, end, node))
		.sort((a, b) => code(a).localeCompare(code(b), 'en', { numeric: true }));
}
