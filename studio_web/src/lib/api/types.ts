/**
 * Every shape that crosses the wire, in the words of docs/protocol.md.
 *
 * The rest of the client imports wire types from here only, so that they can come from the generated
 * OpenAPI schema later without touching a component. `snake_case` stays as it is on the wire.
 */

/* ---- errors (§5) ---- */

export interface ErrorContext {
	task_id?: string | null;
	node_id?: string | null;
	field?: string | null;
}

export interface ErrorBody {
	error: string;
	message: string;
	remediation: string[];
	detail: string;
	context: ErrorContext;
	trace_id: string;
}

/* ---- the graph (§1) ---- */

export type NodeData = Readonly<Record<string, unknown>>;

export interface GraphNode {
	readonly id: string;
	readonly type: string;
	readonly x: number;
	readonly y: number;
	readonly parent: string | null;
	readonly data: NodeData;
}

export interface GraphEdge {
	readonly id: string;
	readonly source: string;
	readonly source_handle: string;
	readonly target: string;
	readonly target_handle: string;
}

export interface WireGraph {
	nodes: Record<string, GraphNode>;
	edges: Record<string, GraphEdge>;
}

export type Operation =
	| { op: 'node.add'; node: GraphNode }
	| { op: 'node.remove'; id: string }
	| { op: 'node.move'; id: string; x: number; y: number; parent?: string | null }
	| { op: 'node.set'; id: string; name: string; value: unknown }
	| { op: 'edge.add'; edge: GraphEdge }
	| { op: 'edge.remove'; id: string };

/* ---- the catalogue (§6) ---- */

export type Surface = 'shot' | 'asset' | 'audio' | 'pipeline' | 'assembler';

export interface SocketType {
	label: string;
	colour: string;
	shape: string;
	accepts: string[];
}

export interface SocketSpec {
	name: string;
	type: string;
	label: string;
	required: boolean;
	many: boolean;
	help: string;
	type_from?: string | null;
}

export interface Choice {
	value: unknown;
	label: string;
}

export interface FieldSpec {
	name: string;
	label: string;
	widget: string;
	default: unknown;
	help: string;
	min?: number | null;
	max?: number | null;
	step?: number | null;
	unit?: string | null;
	choices?: Choice[] | null;
	max_length?: number | null;
	required: boolean;
}

export interface ActionSpec {
	name: string;
	label: string;
	primary: boolean;
}

export interface NodeType {
	type: string;
	title: string;
	category: string;
	description: string;
	surface: Surface | string;
	keywords: string[];
	inputs: SocketSpec[];
	outputs: SocketSpec[];
	fields: FieldSpec[];
	inputs_from_pipeline: boolean;
	defaults: Record<string, unknown>;
	actions: ActionSpec[];
}

export interface PipelineType {
	id: string;
	version: string;
	title: string;
	description: string;
	task: string;
	tier: 'previz' | 'production' | string;
	inputs: SocketSpec[];
	fields: FieldSpec[];
	outputs: SocketSpec[];
	qualities: string[];
	available: boolean;
	unavailable_reason: string | null;
	cannot: string[];
}

export interface Formats {
	aspect_ratios: Record<string, [number, number]>;
	frame_rates: Choice[];
	qualities: (string | Choice)[];
}

export interface Catalog {
	revision: number | string;
	sockets: Record<string, SocketType>;
	nodes: NodeType[];
	pipelines: PipelineType[];
	formats: Formats;
}

/* ---- what a project holds (§4) ---- */

export interface ProjectState {
	ok: boolean;
	error?: ErrorBody | null;
}

export interface Project {
	id: string;
	title: string;
	description: string;
	slug: string;
	path: string;
	aspect_ratio: string;
	width: number;
	height: number;
	frame_rate: string;
	quality: string;
	version: number;
	revision: number;
	created_at: string;
	updated_at: string;
	poster_url: string | null;
	shot_count: number;
	take_count: number;
	state: ProjectState;
}

export interface Recipe {
	pipeline: string;
	pipeline_version: string;
	tier: 'previz' | 'production' | string;
	params: Record<string, unknown>;
	inputs: Record<string, unknown>;
	seed: number | null;
	quality: string;
	quality_requested: string;
}

export interface Take {
	name: string;
	shot: string;
	scene: string;
	version: number;
	number: number;
	path: string;
	media_url: string;
	poster_url: string | null;
	thumbnail_url: string | null;
	size: number;
	mime: string;
	recipe: Recipe | null;
	width: number | null;
	height: number | null;
	frame_rate: string | null;
	frames: number | null;
	duration_s: number | null;
	has_audio: boolean;
	created_at: string;
	created_by: string | null;
	task_id: string | null;
	elapsed_s: number | null;
}

export type TaskState = 'waiting' | 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';

export interface Task {
	id: string;
	project_id: string;
	node_id: string;
	kind: 'take' | 'film';
	state: TaskState;
	reason: string | null;
	pipeline: string | null;
	quality: string | null;
	progress: number;
	step: string | null;
	error: ErrorBody | null;
	take: string | null;
	film: string | null;
	attempt: number;
	position: number | null;
	created_at: string;
	started_at: string | null;
	finished_at: string | null;
	elapsed_s: number | null;
}

export interface Asset {
	id: string;
	title: string;
	kind: 'image' | 'video' | 'audio';
	path: string;
	oid: string;
	size: number;
	mime: string;
	media_url: string;
	thumbnail_url: string | null;
	width?: number | null;
	height?: number | null;
	duration_s?: number | null;
	frames?: number | null;
	created_at: string;
}

export interface Film {
	name: string;
	path: string;
	media_url: string;
	poster_url: string | null;
	size: number;
	duration_s: number;
	frames: number;
	frame_rate: string;
	width: number;
	height: number;
	has_audio: boolean;
	previz: boolean;
	created_at: string;
	node_id: string | null;
}

export interface EditExport {
	name: string;
	edl: { path: string; url: string };
	otio: { path: string; url: string };
	events: number;
	frames: number;
	duration_s: number;
	start_timecode: string;
	notes: string[];
}

export interface Cut {
	node_id: string;
	scene: string;
	shot: string;
	take: string | null;
	reel: string | null;
	source_in: number;
	source_out: number;
	record_in: number;
	record_out: number;
	record_in_tc: string;
	record_out_tc: string;
	thumbnail_url: string | null;
	missing: string | null;
}

export interface Timeline {
	title: string;
	frame_rate: string;
	start_timecode: string;
	frames: number;
	duration_s: number;
	cuts: Cut[];
	notes: string[];
}

export interface HealthCheck {
	id: string;
	title: string;
	ok: boolean;
	detail: string;
	remedy: string | null;
}

export interface Worker {
	id: string;
	[field: string]: unknown;
}

export interface Health {
	ok: boolean;
	version: string;
	checks: HealthCheck[];
	workers: Worker[];
}

export interface NewProject {
	title: string;
	description?: string;
	aspect_ratio?: string;
	frame_rate?: string;
	quality?: string;
}

export interface ProjectPatch {
	title?: string;
	description?: string;
	quality?: string;
	aspect_ratio?: string;
	version: number;
}

/* ---- events (§3) ---- */

export interface FullSync {
	log_id: string;
	revision: number;
	project: Project;
	graph: WireGraph;
	takes: Record<string, Take[]>;
	tasks: Task[];
	assets: Asset[];
	films: Film[];
	state: ProjectState;
}

interface Durable {
	revision: number;
	at: string;
	actor: string;
	op_id: string | null;
}

export type DurableEvent = Durable &
	(
		| { event: 'server:graph_patched'; operations: Operation[]; label: string | null }
		| {
				event: 'server:node_state_updated';
				node_id: string;
				task_id: string;
				state: TaskState;
				reason?: string | null;
				task: Task;
		  }
		| {
				event: 'server:task_success';
				task_id: string;
				node_id: string;
				result: { output_url: string; take?: Take | null; film?: Film | null };
				operations: Operation[];
				task: Task;
		  }
		| { event: 'server:task_failed'; task_id: string; node_id: string; error: ErrorBody; task: Task }
		| { event: 'server:project_updated'; project: Project }
		| { event: 'server:takes_changed'; node_id: string; takes: Take[] }
		| { event: 'server:asset_added'; asset: Asset }
		| {
				event: 'server:notice';
				level: 'info' | 'warning' | 'error';
				message: string;
				code?: string | null;
				remediation?: string[] | null;
		  }
	);

export type DurableName = DurableEvent['event'];

export const durableNames: readonly DurableName[] = [
	'server:graph_patched',
	'server:node_state_updated',
	'server:task_success',
	'server:task_failed',
	'server:project_updated',
	'server:takes_changed',
	'server:asset_added',
	'server:notice'
];

export interface TaskProgress {
	task_id: string;
	node_id: string;
	progress: number;
	step: string;
}
