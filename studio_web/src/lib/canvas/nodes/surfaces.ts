import type { NodeTypes } from '@xyflow/svelte';
import LateNode from './LateNode.svelte';
import RareNode from './RareNode.svelte';
import ShotNode from './ShotNode.svelte';

/** Which component draws which surface of the catalogue; a surface that is not here is drawn as an unknown card. */
export const nodeTypes: NodeTypes = {
	shot: ShotNode,
	process: ShotNode,
	asset: LateNode,
	audio: LateNode,
	pipeline: LateNode,
	assembler: LateNode,
	value: RareNode,
	scene: RareNode,
	note: RareNode,
	reroute: RareNode,
	unknown: LateNode
};
