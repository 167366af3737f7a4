import type { GraphNode, NodeData, Operation, Take } from '../api/types.ts';

/**
 * What people think of takes: keepers, takes turned down and why, in and out marks. Fields of the card, one each
 * (`star:<take>`), so that two people's choices merge and undo works. Pure; which take is active is another matter.
 */

export type Filter = 'all' | 'keepers' | 'standing';

/** One take of one card. */
export interface Choice {
	node: string;
	take: string;
}

export interface Range {
	/** The first frame shown. */
	in: number;
	/** The first frame not shown. */
	out: number;
}

export interface Tally {
	takes: number;
	keepers: number;
	rejected: number;
}

export const starField = (take: string) => `star:${take}`;
export const rejectField = (take: string) => `reject:${take}`;
export const inField = (take: string) => `in:${take}`;
export const outField = (take: string) => `out:${take}`;

export const isKeeper = (data: NodeData, take: string): boolean => data[starField(take)] === true;

/** Why a take was turned down; undefined when it was not. */
export function turnedDown(data: NodeData, take: string): string | undefined {
	const reason = data[rejectField(take)];
	return typeof reason === 'string' && reason !== '' ? reason : undefined;
}

const frame = (value: unknown): number | undefined =>
	typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;

/** The marks of a take, inside its frames; undefined where none is set. Marks that cross count as not set. */
export function rangeOf(data: NodeData, take: string, frames: number): Range | undefined {
	const first = frame(data[inField(take)]);
	const end = frame(data[outField(take)]);
	if ((first === undefined && end === undefined) || frames < 1) return undefined;
	const range = { in: Math.min(first ?? 0, frames - 1), out: Math.min(end ?? frames, frames) };
	return range.in < range.out ? range : undefined;
}

export function tally(data: NodeData, takes: readonly Take[]): Tally {
	return {
		takes: takes.length,
		keepers: takes.filter((take) => isKeeper(data, take.name)).length,
		rejected: takes.filter((take) => turnedDown(data, take.name) !== undefined).length
	};
}

/** The list as people read it: newest first, takes that were turned down at its end. */
export function listed(data: NodeData, takes: readonly Take[], filter: Filter = 'all'): Take[] {
	const shown = [...takes].reverse().filter((take) => {
		if (filter === 'keepers') return isKeeper(data, take.name);
		return filter === 'all' || turnedDown(data, take.name) === undefined;
	});
	const down = (take: Take) => (turnedDown(data, take.name) === undefined ? 0 : 1);
	return shown.sort((a, b) => down(a) - down(b));
}

/** The next take in a direction; takes that were turned down are passed over. Undefined at the end. */
export function nextTake(
	data: NodeData,
	takes: readonly Take[],
	from: unknown,
	by: -1 | 1
): Take | undefined {
	const at = takes.findIndex((take) => take.name === from);
	const start = at < 0 ? takes.length - 1 : at;
	for (let next = start + by; next >= 0 && next < takes.length; next += by) {
		const take = takes[next];
		if (take && turnedDown(data, take.name) === undefined) return take;
	}
	return undefined;
}

const set = (id: string, name: string, value: unknown): Operation => ({ op: 'node.set', id, name, value });

type Nodes = ReadonlyMap<string, GraphNode>;

const known = (nodes: Nodes, choices: readonly Choice[]) =>
	choices.flatMap((choice) => {
		const node = nodes.get(choice.node);
		return node ? [{ ...choice, data: node.data }] : [];
	});

/** Makes all of them keepers; takes the star back where all have it. A keeper is not turned down. */
export function star(nodes: Nodes, choices: readonly Choice[]): { operations: Operation[]; on: boolean } {
	const found = known(nodes, choices);
	const on = found.some(({ data, take }) => !isKeeper(data, take));
	const operations = found.flatMap(({ node, take, data }) => [
		...(isKeeper(data, take) === on ? [] : [set(node, starField(take), on ? true : null)]),
		...(on && turnedDown(data, take) !== undefined ? [set(node, rejectField(take), null)] : [])
	]);
	return { operations, on };
}

/** Turns takes down for a reason, or with `null` takes that back. What is turned down is no keeper. */
export function reject(nodes: Nodes, choices: readonly Choice[], reason: string | null): Operation[] {
	const why = reason?.trim() || null;
	return known(nodes, choices).flatMap(({ node, take, data }) => [
		...((turnedDown(data, take) ?? null) === why ? [] : [set(node, rejectField(take), why)]),
		...(why !== null && isKeeper(data, take) ? [set(node, starField(take), null)] : [])
	]);
}

/**
 * Sets one mark to a frame, or clears it with `null`. A mark that would cross the other one pushes it off, as in an
 * edit suite; a mark at the very end of the take is none.
 */
export function mark(
	node: GraphNode,
	take: string,
	which: 'in' | 'out',
	at: number | null,
	frames: number
): Operation[] {
	const own = which === 'in' ? inField(take) : outField(take);
	const other = which === 'in' ? outField(take) : inField(take);
	// The out mark is named by the last frame shown, and kept as the first one that is not.
	const value = at === null ? null : which === 'in' ? at : at + 1;
	const kept = value === null || (which === 'in' ? value <= 0 : value >= frames) ? null : value;
	const operations = (node.data[own] ?? null) === kept ? [] : [set(node.id, own, kept)];
	const across = frame(node.data[other]);
	if (value !== null && across !== undefined && (which === 'in' ? across <= value : across >= value))
		operations.push(set(node.id, other, null));
	return operations;
}
