import type { GraphNode, Take } from '../api/types.ts';
import { behind } from '../catalog/resolve.ts';
import { framesIn, rateOf, type Rate } from '../media/timecode.ts';
import type { Doc } from '../project/ops.ts';
import { cutList } from './cut-order.ts';
import { shownTake } from './run-state.ts';

/** The cut as an assembler's card lists it. Pure; the exact cut is the studio's own (`GET /timeline`). */

export interface CutLine {
	/** The wire that puts it into the cut. */
	edge: string;
	node: string;
	label: string;
	scene: string;
	take: Take | undefined;
	/** In project frames; 0 while there is no take. */
	frames: number;
	/** First frame in the cut. */
	start: number;
}

export function lengthIn(take: Take | undefined, rate: Rate): number {
	if (!take) return 0;
	if (take.frames && take.frame_rate) {
		const own = rateOf(take.frame_rate);
		if (own.frames === rate.frames && own.seconds === rate.seconds) return take.frames;
		return Math.max(1, Math.floor((take.frames * own.seconds * rate.frames) / (own.frames * rate.seconds)));
	}
	return take.duration_s ? framesIn(take.duration_s, rate) : 0;
}

export function cutsOf(
	doc: Doc,
	assembler: GraphNode,
	takes: ReadonlyMap<string, readonly Take[]>,
	rate: Rate
): CutLine[] {
	let start = 0;
	return cutList(doc, assembler).map((edge) => {
		// A bend in the wire is not a shot.
		const source = behind(doc, edge) ?? doc.nodes.get(edge.source);
		const own = source?.data ?? {};
		const take = shownTake(takes.get(source?.id ?? edge.source), own.active_take);
		const frames = lengthIn(take, rate);
		const line = {
			edge: edge.id,
			node: source?.id ?? edge.source,
			label: String(own.code ?? own.name ?? source?.type ?? ''),
			scene: String(own.scene ?? ''),
			take,
			frames,
			start
		};
		start += frames;
		return line;
	});
}
