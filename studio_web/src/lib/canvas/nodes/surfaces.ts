import type { NodeTypes } from '@xyflow/svelte';
import AssemblerNode from './AssemblerNode.svelte';
import AssetNode from './AssetNode.svelte';
import AudioNode from './AudioNode.svelte';
import PipelineNode from './PipelineNode.svelte';
import RareNode from './RareNode.svelte';
import ShotNode from './ShotNode.svelte';
import UnknownNode from './UnknownNode.svelte';

/** Which component draws which surface of the catalogue; a surface that is not here is drawn as an unknown card. */
export const nodeTypes: NodeTypes = {
	shot: ShotNode,
	process: ShotNode,
	asset: AssetNode,
	audio: AudioNode,
	pipeline: PipelineNode,
	assembler: AssemblerNode,
	value: RareNode,
	scene: RareNode,
	note: RareNode,
	reroute: RareNode,
	unknown: UnknownNode
};
