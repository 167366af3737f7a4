/**
 * Every shape that crosses the wire. They come from the server's own description (openapi.json → schema.d.ts,
 * `npm run types`); the rest of the client imports them from here only. `snake_case` stays as it is on the wire.
 * What the description does not hold, the events of the live connection, is written at the end.
 */
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

/** An answer always carries every field: what the description calls optional has a default on the server. */
type Whole<T> = T extends readonly [number, number]
	? T
	: T extends readonly (infer E)[]
		? Whole<E>[]
		: T extends object
			? { [K in keyof T]-?: Whole<T[K]> }
			: T;
type Answer<K extends keyof Schemas> = Whole<Schemas[K]>;

/** The words this page knows, or one of a newer studio, which it shows as well as it can. */
type Open<T extends string> = T | (string & {});

/** `T` with some of its fields given another type. */
type With<T, Other> = { [K in keyof T]: K extends keyof Other ? Other[K] : T[K] };

/* ---- errors (§5): the page makes some of its own, with codes of its own ---- */

export type ErrorContext = Schemas['ErrorContext'];
export type ErrorBody = With<Answer<'ErrorBody'>, { error: Open<Schemas['Code']>; context: ErrorContext }>;

/* ---- the graph (§1): values, never changed in place; fields of data are nobody's business but their node's ---- */

export type NodeData = Readonly<Record<string, unknown>>;
export type GraphNode = Readonly<With<Answer<'Node'>, { data: NodeData }>>;
export type GraphEdge = Readonly<Answer<'Edge'>>;

export interface WireGraph {
	nodes: Record<string, GraphNode>;
	edges: Record<string, GraphEdge>;
}

export type Operation =
	| With<Schemas['NodeAdd'], { node: GraphNode }>
	| Schemas['NodeRemove']
	| Schemas['NodeMove']
	| Schemas['NodeSet']
	| With<Schemas['EdgeAdd'], { edge: GraphEdge }>
	| Schemas['EdgeRemove'];

/* ---- the catalogue (§6) ---- */

export type Quality = Open<Schemas['Quality']>;
export type Tier = Open<Schemas['Tier']>;
export type SocketName = Open<Schemas['SocketType']>;
export type Surface = Open<Schemas['NodeType']['surface']>;
export type WidgetName = Open<Schemas['FieldSpec']['widget']>;

export type SocketLook = With<
	Answer<'SocketLook'>,
	{ shape: Open<Schemas['SocketLook']['shape']>; accepts: SocketName[] }
>;
export type SocketSpec = With<
	Answer<'SocketSpec'>,
	{
		type: SocketName;
		type_from: Open<NonNullable<Schemas['SocketSpec']['type_from']>> | null;
		role: Open<NonNullable<Schemas['SocketSpec']['role']>> | null;
	}
>;
export type FieldSpec = With<Answer<'FieldSpec'>, { type: SocketName; widget: WidgetName }>;
export type Choice = Answer<'Choice'>;
export type ActionSpec = With<Answer<'ActionSpec'>, { name: Open<Schemas['ActionSpec']['name']> }>;
interface Parts {
	inputs: SocketSpec[];
	outputs: SocketSpec[];
	fields: FieldSpec[];
}
export type NodeType = With<Answer<'NodeType'>, Parts & { surface: Surface; actions: ActionSpec[] }>;
export type PipelineType = With<
	Answer<'PipelineType'>,
	Parts & { tier: Tier; qualities: Quality[]; modes: string[] }
>;
export type Formats = With<Answer<'Formats'>, { qualities: Quality[] }>;
export type Catalog = With<
	Answer<'Catalog'>,
	{
		sockets: Record<string, SocketLook>;
		nodes: NodeType[];
		pipelines: PipelineType[];
		formats: Formats;
		served: Served[];
	}
>;
/** What a task is made with at a quality. */
export type Served = With<
	Answer<'Served'>,
	{ quality: Quality; made_at: Quality; tier: Tier; engine: Open<Schemas['Engine']> }
>;

/* ---- what a project holds (§4) ---- */

export type ProjectState = With<Schemas['ProjectState'], { error: ErrorBody | null | undefined }>;
export type Engine = Open<Schemas['Engine']>;
export type Project = With<
	Answer<'ProjectView'>,
	{ quality: Quality; when_full: WhenFull; engines: Engine[]; other_rates: OtherRates; state: ProjectState }
>;
export type OtherRates = Open<Schemas['ProjectView']['other_rates'] & string>;
export type WhenFull = Open<Schemas['ProjectView']['when_full'] & string>;
export type Recipe = With<Answer<'Recipe'>, { tier: Tier; quality: Quality; quality_requested: Quality }>;
export type Take = With<Answer<'TakeView'>, { recipe: Recipe | null }>;
export type Task = With<
	Answer<'Task'>,
	{ quality: Quality; quality_requested: Quality; error: ErrorBody | null }
>;
export type TaskState = Task['state'];
export type Asset = Answer<'AssetView'>;
export type Film = Answer<'FilmView'>;
export type Machine = Answer<'Machine'>;
export type Queue = With<Answer<'Queue'>, { estimates: Record<string, Estimate> }>;
/** Seconds: eight in ten end up between low and high. */
export type Range = Answer<'Range'>;
export type Estimate = With<Answer<'Estimate'>, { starts: Range | null; takes: Range | null }>;
export type Reason = With<
	Answer<'ReasonView'>,
	{ kind: Open<Schemas['ReasonView']['kind']>; was: unknown; now: unknown }
>;
/** How what a card shows stands to the card (§7). */
export type CardState = With<
	Answer<'CardStateView'>,
	{ state: Open<Schemas['CardStateView']['state']>; reasons: Reason[] }
>;
export type CardStates = With<Answer<'CardStates'>, { cards: Record<string, CardState | null> }>;
export type RebuildLine = With<
	Answer<'RebuildLine'>,
	{
		step: Open<Schemas['RebuildLine']['step']>;
		state: CardState['state'];
		reasons: Reason[];
		takes: Range | null;
	}
>;
export type RebuildPlan = With<Answer<'RebuildPlan'>, { lines: RebuildLine[]; lasts: Range | null }>;
export type RebuildAnswer = With<Answer<'RebuildAnswer'>, { plan: RebuildPlan | null }>;
/** What a script holds, and the run that makes it. */
export type ScriptView = Answer<'ScriptView'>;
export type ScriptFilm = Answer<'ScriptFilm'>;
export type ScriptImport = Answer<'ScriptImport'>;
/** What was saved, landed or named. `name` is given by people, `label` made from what happened. */
export type Version = With<
	Answer<'Version'>,
	{ kind: Open<'named' | 'saved' | 'take' | 'film' | 'alternate' | 'merged' | 'other'> }
>;
/** Another state of the board that people go on with. */
export type Alternate = Answer<'AlternateView'>;
export type Alternates = Answer<'AlternatesView'>;
/** What one side changed since two boards parted. */
export type Side = With<Answer<'Side'>, { base: unknown; mine: unknown; theirs: unknown }>;
export type Compared = With<Answer<'Compared'>, { mine: WireGraph; theirs: WireGraph; sides: Side[] }>;
/** A change from outside that met others on the board. */
export type Met = With<Answer<'Met'>, { sides: Side[] }>;
export type Merged = Answer<'MergedView'>;
/** The canvas at a version. */
export type VersionGraph = With<Answer<'VersionGraph'>, { version: Version; graph: WireGraph }>;
/** The mixed-down sound of a file: at most 2,000 peaks from 0 to 1, evenly spread over its length. */
export type Waveform = Answer<'Waveform'>;
/** Which asset of this project stands for which of the other one, by its id there. */
export type Imported = Answer<'Imported'>;
export type EditExport = Answer<'EditExport'>;
export type CutDelivery = Answer<'CutDeliveryView'>;
export type DeliveryEstimate = Answer<'DeliveryEstimate'>;
export type WrittenFile = Answer<'WrittenFile'>;
export type Cut = Answer<'CutView'>;
export type Timeline = Answer<'CutList'>;
export type InBetween = Answer<'InBetween'>;
export type RecutView = Answer<'RecutView'>;
export type HealthCheck = With<Answer<'Check'>, { code: Open<Schemas['Code']> }>;
export type Worker = With<Answer<'WorkerInfo'>, { engines: Open<Schemas['Engine']>[] }>;
export type Health = With<Answer<'Health'>, { checks: HealthCheck[]; workers: Worker[] }>;
export type Me = Answer<'Me'>;
export type PersonView = Answer<'PersonView'>;
export type Invitation = Answer<'Invitation'>;
export type TokenView = Answer<'TokenView'>;
export type Deed = Answer<'DeedView'>;
export type Hook = Answer<'HookView'>;
export type Delivery = Answer<'DeliveryView'>;
export type StorageReport = Answer<'StorageReport'>;
export type TrashBag = Answer<'TrashBag'>;
export type Checkup = With<Answer<'Checkup'>, { error: ErrorBody | null }>;
export type Mended = Answer<'MendedView'>;
export type BroughtIn = With<Answer<'BroughtIn'>, { project: Project }>;

/* ---- what the page sends: a quality goes back in the words the studio offered it in ---- */

export type NewProject = Pick<Schemas['NewProject'], 'title'> &
	Partial<With<Schemas['NewProject'], { quality: Quality }>>;
export type ProjectPatch = With<
	Schemas['ProjectChange'],
	{
		quality: Quality | undefined;
		when_full: WhenFull | undefined;
		engines: Engine[] | undefined;
		other_rates: OtherRates | undefined;
	}
>;

/* ---- the forecast (§4): what is to be expected of takes before they are ordered ---- */

export type JobForecast = With<
	Answer<'JobForecast'>,
	{ state: Open<Schemas['JobForecast']['state']>; starts: Range | null; takes: Range | null }
>;
export type Forecast = With<
	Answer<'Forecast'>,
	{
		jobs: JobForecast[];
		total: With<Answer<'Total'>, { ends: Range | null; work: Range | null }>;
	}
>;

/* ---- events (§3) ---- */

export interface Lock {
	path: string;
	owner: string;
	/** Whether it is the file of the board itself. */
	is_canvas: boolean;
}

export interface FullSync {
	log_id: string;
	revision: number;
	project: Project;
	graph: WireGraph;
	takes: Record<string, Take[]>;
	tasks: Task[];
	assets: Asset[];
	films: Film[];
	queue: Queue;
	state: ProjectState;
	/** Files that somebody works on outside the studio. */
	locks?: readonly Lock[];
	/** False where only the takes in sight were told; the others come by `/projects/{id}/takes`. */
	whole?: boolean;
}

interface Durable {
	revision: number;
	at: string;
	actor: string;
	op_id: string | null;
}

export type DurableEvent = Durable &
	(
		| { event: 'server:graph_patched'; operations: Operation[]; label: string | null; contested?: Side[] }
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
				result: { output_url: string; take?: Take | null; film?: Film | null; delivery?: CutDelivery | null };
				operations: Operation[];
				task: Task;
		  }
		| { event: 'server:task_failed'; task_id: string; node_id: string; error: ErrorBody; task: Task }
		| { event: 'server:project_updated'; project: Project }
		| { event: 'server:takes_changed'; node_id: string; takes: Take[] }
		| { event: 'server:asset_added'; asset: Asset }
		| { event: 'server:locks_changed'; locks: Lock[] }
		| {
				event: 'server:notice';
				level: 'info' | 'warning' | 'error';
				message: string;
				node_id?: string | null;
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
	'server:locks_changed',
	'server:notice'
];

export interface TaskProgress {
	task_id: string;
	node_id: string;
	progress: number;
	step: string;
	/** A data URL of what is being made, where there is a new one. */
	preview?: string;
}

/** What a page says of its person. */
export interface Here {
	name: string;
	cursor: { x: number; y: number } | null;
	editing: { node_id: string; field: string } | null;
	selected: readonly string[];
}

/** A person as the others see them; the studio gives id and colour. */
export interface Person extends Here {
	id: string;
	colour: string;
}
