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
		return this.catalog.sockets[type] ?? { label: type, colour: '#9aa1ab', shape: 'ring', accepts: [type] };
	}

	/** The pipelines a shot can be made with. */
	get shotPipelines(): PipelineType[] {
		return this.catalog.pipelines.filter((pipeline) => pipeline.task === 'generate-video');
	}

	/** Whose sockets and fields a shot has when nobody chose; the studio says which, able to run or not. */
	get usualPipeline(): PipelineType | undefined {
		return this.pipeline(this.catalog.default_pipeline);
	}
}

export const fetchCatalog = async (signal?: AbortSignal) =>
	new CatalogIndex(await api.get<Catalog>('/catalog', signal));
