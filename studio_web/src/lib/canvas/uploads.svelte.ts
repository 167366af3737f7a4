import { SvelteMap } from 'svelte/reactivity';
import { api, errorBody } from '../api/client.ts';
import type { Asset, ErrorBody } from '../api/types.ts';

/** Files on their way to the studio, by the node that waits for them. Made by the workbench; shows nothing. */

export interface Upload {
	name: string;
	/** 0 to 1. */
	part: number;
	stop: () => void;
}

export class Uploads {
	readonly running = new SvelteMap<string, Upload>();
	readonly failed = new SvelteMap<string, ErrorBody>();
	readonly #project: string;

	constructor(project: string) {
		this.#project = project;
	}

	/** Sends a file for a node. Returns the asset, or the error that is then also kept in `failed`. */
	async send(node: string, file: File, only?: Asset['kind']): Promise<Asset | ErrorBody> {
		const abort = new AbortController();
		const show = (part: number) =>
			this.running.set(node, { name: file.name, part, stop: () => abort.abort() });
		this.failed.delete(node);
		show(0);
		try {
			const asset = await api.upload<Asset>(`/projects/${this.#project}/assets`, file, show, abort.signal);
			if (only && asset.kind !== only) {
				const { wrongKind } = await import('./file-kinds.ts');
				return this.#fail(node, wrongKind(file.name, asset.kind, only));
			}
			return asset;
		} catch (thrown) {
			return this.#fail(node, errorBody(thrown));
		} finally {
			this.running.delete(node);
		}
	}

	#fail(node: string, error: ErrorBody): ErrorBody {
		if (error.error !== 'CANCELED') this.failed.set(node, error);
		return error;
	}
}
