import { api } from '../api/client.ts';
import { idOf } from './edition.ts';
import type { Catalog, NodeType, PipelineType, SocketLook } from '../api/types.ts';

/**
 * The server's catalogue with its look-ups. The page knows widgets and surfaces, never pipelines.
 *
 * Made by the canvas page and handed down; `fetchCatalog` is the only thing here that does I/O.
 */
export class CatalogIndex {
	readonly catalog: Catalog;
	#types: Map<string, NodeType>;
	/** The version in use of each pipeline; the others are only for the cards that were set up with them. */
	readonly inUse: readonly PipelineType[];
	#pipelines: Map<string, PipelineType>;

	constructor(catalog: Catalog) {
		this.catalog = catalog;
		this.#types = new Map(catalog.nodes.map((type) => [type.type, type]));
		this.#pipelines = new Map(catalog.pipelines.map((pipeline) => [pipeline.name, pipeline]));
		this.inUse = catalog.pipelines.filter((pipeline) => pipeline.name === pipeline.id);
	}

	type(name: string): NodeType | undefined {
		return this.#types.get(name);
	}

	/** What `id` or `id@version` means: that version where it is installed, else the one in use. */
	pipeline(name: string | null | undefined): PipelineType | undefined {
		return name ? (this.#pipelines.get(name) ?? this.#pipelines.get(idOf(name))) : undefined;
	}

	socket(type: string): SocketLook {
		return (
			this.catalog.sockets[type] ?? {
				label: type,
				noun: type,
				colour: '#9aa1ab',
				shape: 'ring',
				accepts: [type]
			}
		);
	}

	/** The pipelines that make takes of a task, every version; without one, all that any card's takes can be made with. */
	pipelinesFor(task?: string | null): PipelineType[] {
		const tasks = new Set(task ? [task] : this.catalog.nodes.map((type) => type.task));
		return this.catalog.pipelines.filter((pipeline) => tasks.has(pipeline.task));
	}

	/** Whose sockets and fields a card has when nobody chose; the studio says which, able to run or not. */
	usualPipeline(task: string | null): PipelineType | undefined {
		return task ? this.pipeline(this.catalog.default_pipelines[task]) : undefined;
	}
}

export const fetchCatalog = async (signal?: AbortSignal) =>
	new CatalogIndex(await api.get<Catalog>('/catalog', signal));
