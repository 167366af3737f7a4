import { api } from '../api/client.ts';
import type { Catalog, NodeType, PipelineType, SocketLook } from '../api/types.ts';

/**
 * The server's catalogue with its look-ups. The page knows widgets and surfaces, never pipelines.
 *
 * Made by the canvas page and handed down; `fetchCatalog` is the only thing here that does I/O.
 */
export class CatalogIndex {
	readonly catalog: Catalog;
	#types: Map<string, NodeType>;
	#pipelines: Map<string, PipelineType>;

	constructor(catalog: Catalog) {
		this.catalog = catalog;
		this.#types = new Map(catalog.nodes.map((type) => [type.type, type]));
		this.#pipelines = new Map(catalog.pipelines.map((pipeline) => [pipeline.id, pipeline]));
	}

	type(name: string): NodeType | undefined {
		return this.#types.get(name);
	}

	pipeline(id: string | null | undefined): PipelineType | undefined {
		return id ? this.#pipelines.get(id) : undefined;
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

	/** The pipelines that make takes of a task; without one, all that any card's takes can be made with. */
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
