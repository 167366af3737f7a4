import type { GraphNode } from '../api/types.ts';
import { isMuted } from '../catalog/scenes.ts';
import { m } from '../i18n/messages.ts';
import { stale as words } from '#words/takes.ts';
import { differences, type Difference } from './differences.ts';
import { shownIn, type World } from './given.ts';

/**
 * Whether the take a card shows was made from something else than the card says now, and from what, in words.
 *
 * Pure. Shown on cards and in the inspector, listed by "rebuild what changed". A take that somebody put into the folder
 * has no recipe and is never out of date.
 */

/** The reasons, most telling first; empty when the take is what the card says. */
export function whyStale(world: World, node: GraphNode): string[] {
	const take = shownIn(world, node);
	return take ? differences(world, node, take).map(reasonOf) : [];
}

export interface Stale {
	node: string;
	reasons: string[];
	/** It takes the take of another card that is out of date itself: that one comes first. */
	waitsFor: string | undefined;
}

/** Every card whose take is out of date, those first that others are made from. */
export function staleCards(world: World): Stale[] {
	const found = new Map<string, string[]>();
	for (const node of world.doc.nodes.values()) {
		if (isMuted(world.doc, node) || !world.takes.has(node.id)) continue;
		const reasons = whyStale(world, node);
		if (reasons.length) found.set(node.id, reasons);
	}
	const before = upstream(world, found);
	return [...found]
		.map(([node, reasons]) => ({ node, reasons, waitsFor: before.get(node) }))
		.sort((a, b) => Number(a.waitsFor !== undefined) - Number(b.waitsFor !== undefined));
}

/** For each card the nearest card among `among` whose take it is made from. */
function upstream(world: World, among: ReadonlyMap<string, unknown>): Map<string, string> {
	const sources = new Map<string, string[]>();
	for (const edge of world.doc.edges.values())
		sources.set(edge.target, [...(sources.get(edge.target) ?? []), edge.source]);
	const nearest = new Map<string, string>();
	for (const id of among.keys()) {
		const seen = new Set([id]);
		const waiting = [...(sources.get(id) ?? [])];
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
			if (seen.has(next)) continue;
			seen.add(next);
			if (among.has(next)) {
				nearest.set(id, next);
				break;
			}
			waiting.push(...(sources.get(next) ?? []));
		}
	}
	return nearest;
}

const LONG = 24;

/** A value as people read it; undefined for one that is too long to be read in passing. */
export function shortly(value: unknown, unit = ''): string | undefined {
	if (value === null || value === undefined || value === '') return words.none;
	if (typeof value === 'boolean') return value ? words.on : words.off;
	if (typeof value === 'object') return undefined;
	const text = `${String(value)}${unit ? ` ${unit}` : ''}`;
	return text.length > LONG ? undefined : text;
}

export const qualityName = (quality: string): string => m.qualities[quality]?.[0] ?? quality;

function reasonOf(is: Difference): string {
	switch (is.kind) {
		case 'field': {
			const named = (value: unknown) => is.choices.find((choice) => choice.value === value)?.label ?? value;
			const was = shortly(named(is.was), is.unit);
			const now = shortly(named(is.now), is.unit);
			return is.name === 'prompt' || was === undefined || now === undefined
				? words.field(is.label)
				: words.fieldTo(is.label, was, now);
		}
		case 'seed':
			return words.seed(is.was, shortly(is.now) ?? '');
		case 'pipeline':
			return words.pipeline(is.was, is.now);
		case 'version':
			return words.version(is.pipeline, is.was, is.now);
		case 'quality':
			return words.quality(qualityName(is.was), qualityName(is.now));
		case 'input':
			return inputReason(is);
	}
}

function inputReason(is: Extract<Difference, { kind: 'input' }>): string {
	const [was, ...more] = is.was;
	const [now, ...others] = is.now;
	if (more.length || others.length) return words.inputs(is.label);
	if (was && now)
		return was.name === now.name ? words.replaced(now.name) : words.otherFile(is.label, was.name, now.name);
	return was ? words.unwired(is.label, was.name) : words.wired(is.label, now?.name ?? '');
}
