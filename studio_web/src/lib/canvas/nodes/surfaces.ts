import type { NodeTypes } from '@xyflow/svelte';
import AssemblerNode from './AssemblerNode.svelte';
import AssetNode from './AssetNode.svelte';
import AudioNode from './AudioNode.svelte';
import PipelineNode from './PipelineNode.svelte';
import ShotNode from './ShotNode.svelte';
import UnknownNode from './UnknownNode.svelte';

/** Which component draws which surface of the catalogue; a surface that is not here is drawn as an unknown card. */
export const nodeTypes: NodeTypes = {
	shot: ShotNode,
	asset: AssetNode,
	audio: AudioNode,
	pipeline: PipelineNode,
	assembler: AssemblerNode,
	unknown: UnknownNode
};
