import { SvelteMap } from 'svelte/reactivity';
import { api, errorBody, madeHere } from '../api/client.ts';
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
			if (only && asset.kind !== only) return this.#fail(node, wrongKind(file.name, asset.kind, only));
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

const wrongKind = (name: string, is: string, wanted: string) =>
	madeHere(
		'UNSUPPORTED_MEDIA',
		`“${name}” is ${is === 'audio' ? 'sound' : `a ${is}`}, and this card takes ${wanted}.`,
		['Drop it on the empty board: the right node is made for it.']
	);

/** The node type a dropped file becomes, by what the desktop says it is; the studio looks at the bytes. */
export function typeFor(file: File): 'asset' | 'audio' {
	return file.type.startsWith('audio/') || /\.(wav|mp3|flac|ogg|m4a|aac|aiff?)$/i.test(file.name)
		? 'audio'
		: 'asset';
}

export const stem = (name: string): string => name.replace(/\.[^.]{1,8}$/, '') || name;
