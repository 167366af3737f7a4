import type { Asset, PipelineType, Take } from '../api/types.ts';
import { isRole, modes, roles, type Mode, type Role } from './roles.ts';

/**
 * "Use again": from the recipe of a take back to what was asked for. Pure.
 */

export interface Recalled {
	mode: Mode;
	prompt: string;
	files: Partial<Record<Role, string[]>>;
	fields: Record<string, unknown>;
	seed: number | null;
	/** Names of files that the project no longer holds. */
	lost: string[];
}

export function recall(
	take: Take,
	pipeline: PipelineType | undefined,
	assets: Iterable<Asset>
): Recalled | undefined {
	const { recipe } = take;
	if (!recipe) return undefined;
	const byBytes = new Map([...assets].map((asset) => [asset.oid, asset]));
	const files: Partial<Record<Role, string[]>> = {};
	const lost: string[] = [];
	for (const input of recipe.inputs) {
		const role = pipeline?.inputs.find((one) => one.name === input.socket)?.role;
		const asset = byBytes.get(input.oid);
		if (!isRole(role) || !asset) lost.push(input.name || input.socket);
		else (files[role] ??= []).push(asset.id);
	}
	const { prompt, ...fields } = recipe.params;
	const serves = (pipeline?.modes ?? modes) as readonly Mode[];
	const heard = Object.keys(files).find((role) => isRole(role) && roles[role].modes.length === 1);
	const wished = isRole(heard) ? roles[heard].modes[0] : undefined;
	return {
		mode: wished ?? serves[0] ?? 'animate',
		prompt: typeof prompt === 'string' ? prompt : '',
		files,
		fields,
		seed: recipe.seed ?? null,
		lost
	};
}
