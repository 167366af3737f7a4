import type { Asset, PipelineType, SocketSpec } from '../api/types.ts';

/**
 * What the composer asks for, in film words, and which inputs of a pipeline that means.
 *
 * Pure. A pipeline says which modes it serves and which role each of its inputs has; no pipeline is known by name here.
 */

export const modes = ['animate', 'audio'] as const;
export type Mode = (typeof modes)[number];

export type Role = 'ground-truth' | 'reference' | 'pose-sheet' | 'audio' | 'motion';

interface RoleFacts {
	kind: Asset['kind'];
	/** How many files it takes. */
	most: number;
	modes: readonly Mode[];
}

/** In the order in which the chips stand. */
export const roles: Readonly<Record<Role, RoleFacts>> = {
	'ground-truth': { kind: 'image', most: 1, modes },
	reference: { kind: 'image', most: 6, modes },
	'pose-sheet': { kind: 'image', most: 4, modes },
	audio: { kind: 'audio', most: 1, modes: ['audio'] },
	motion: { kind: 'video', most: 1, modes: ['animate'] }
};

export const roleNames = Object.keys(roles) as Role[];

export const rolesOf = (mode: Mode): Role[] => roleNames.filter((role) => roles[role].modes.includes(mode));

export const isRole = (value: unknown): value is Role => typeof value === 'string' && value in roles;

/** The input of a pipeline that a role goes into. */
export const inputFor = (pipeline: PipelineType | undefined, role: Role): SocketSpec | undefined =>
	pipeline?.inputs.find((input) => input.role === role);

const TASK = 'generate-video';

/**
 * What makes a run: able to run now before not, finished pictures before drafts, what has all that it needs before what
 * has not, what uses every file before what leaves one aside, the wished quality before another, and what is made for
 * just these files before what could do without them (a still and a voice are for a face that speaks), unless it is
 * one that the studio never chooses by itself.
 */
export function pipelineFor(
	pipelines: readonly PipelineType[],
	mode: Mode,
	quality: string,
	filled: readonly Role[] = []
): PipelineType | undefined {
	const given = filled.filter((role) => roles[role].modes.includes(mode));
	const rank = (one: PipelineType) =>
		(one.available ? 16 : 0) +
		(one.tier === 'production' ? 8 : 0) +
		(one.inputs.every((input) => !input.required || given.includes(input.role as Role)) ? 4 : 0) +
		(given.every((role) => inputFor(one, role)) ? 2 : 0) +
		(one.qualities.includes(quality) ? 1 : 0);
	const needs = (one: PipelineType) =>
		one.by_name
			? 0
			: one.inputs.filter((input) => input.required && given.includes(input.role as Role)).length;
	return pipelines
		.filter((one) => one.task === TASK && one.modes.includes(mode))
		.sort((a, b) => rank(b) - rank(a) || needs(b) - needs(a) || a.id.localeCompare(b.id))[0];
}

/** Where a file goes that was dropped or pasted on no chip: the first place of its kind that is free. */
export function roleForKind(
	kind: Asset['kind'],
	mode: Mode,
	filled: (role: Role) => number
): Role | undefined {
	const fitting = rolesOf(mode).filter((role) => roles[role].kind === kind);
	return fitting.find((role) => filled(role) < roles[role].most) ?? fitting[0];
}

/** The mode that has a place for a kind of file which this one has none for. */
export const modeForKind = (kind: Asset['kind'], now: Mode): Mode =>
	roleForKind(kind, now, () => 0)
		? now
		: (modes.find((mode) => roleForKind(kind, mode, () => 0) !== undefined) ?? now);
