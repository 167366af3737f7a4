import type { Reason } from '../api/types.ts';
import { m } from '../i18n/messages.ts';
import { rateLabel } from '../media/timecode.ts';
import { reasons as words } from '#words/build.ts';

/** Reasons why a take is out of date, as people read them. Pure: `nameOf` tells what a card is called. */

const LONG = 32;

/** A value as people read it; undefined for one that is too long to be read in passing. */
export function shortly(value: unknown, unit = ''): string | undefined {
	if (value === null || value === undefined || value === '') return words.none;
	if (typeof value === 'boolean') return value ? words.on : words.off;
	if (typeof value === 'object') return undefined;
	const text = `${String(value)}${unit ? ` ${unit}` : ''}`;
	return text.length > LONG ? undefined : text;
}

export const qualityName = (quality: string): string => m.qualities[quality]?.[0] ?? quality;

const said = (value: unknown): string =>
	value === null || value === undefined || value === '' ? words.none : String(value);

/** Take 3 of version 1 comes after take 2: by the name of its file. */
function isNewer(was: unknown, now: unknown): boolean {
	const number = (name: unknown) => {
		const [, version, take] = /_v(\d+)_take(\d+)/.exec(String(name)) ?? [];
		return version === undefined ? undefined : Number(version) * 1e6 + Number(take);
	};
	const [before, after] = [number(was), number(now)];
	return before !== undefined && after !== undefined && after > before;
}

/** How a shot begins or ends, as a film's recipe says it: `dissolve of 12`, `fade of a second`; nothing is a cut. */
function wayOf(told: unknown): string {
	const [, how, frames] = /^(\w+) of (?:(\d+)|a second)$/.exec(String(told ?? '')) ?? [];
	return how === undefined ? words.cut : words.way(how, frames ?? '');
}

export function inWords(reason: Reason, nameOf: (id: string) => string): string {
	const { label } = reason;
	const [was, now] = [said(reason.was), said(reason.now)];
	const card = (reason.node && nameOf(reason.node)) || words.gone;
	switch (reason.kind) {
		case 'prompt':
			return words.prompt;
		case 'field': {
			const [before, after] = [shortly(reason.was, reason.unit), shortly(reason.now, reason.unit)];
			return before === undefined || after === undefined
				? words.fieldLong(label)
				: words.field(label, before, after);
		}
		case 'take':
			return words.take(card, isNewer(reason.was, reason.now));
		case 'file':
			return words.file(label, was, now);
		case 'wired':
			return words.wired(label, card);
		case 'unwired':
			return words.unwired(label, was);
		case 'files':
			return words.files(label);
		case 'added':
			return words.added(card);
		case 'removed':
			return words.removed(was);
		case 'order':
			return words.order;
		case 'marks':
			return words.marks(card);
		case 'words':
			return words.said(card);
		case 'framing':
			return words.reframed(card);
		case 'passage':
			return words.passage(card, reason.field === 'enter', wayOf(reason.was), wayOf(reason.now));
		case 'title': {
			const [before, after] = [String(reason.was ?? ''), String(reason.now ?? '')];
			return before.length + after.length > LONG * 2
				? words.titleLong(card)
				: words.title(card, before, after);
		}
		case 'seed':
			return words.seed(was, now);
		case 'pipeline':
			return words.pipeline(was, now);
		case 'version':
			return words.version(label, was, now);
		case 'code':
			return words.code(label);
		case 'quality':
			return words.quality(qualityName(was), qualityName(now));
		case 'between':
			return words.between(rateLabel(was), rateLabel(now));
		case 'format':
			return reason.field === 'size' ? words.size(was, now) : words.rate(rateLabel(was), rateLabel(now));
		case 'upstream': {
			const names = reason.nodes.slice(0, 3).map((id) => nameOf(id) || words.gone);
			return words.upstream(names, reason.count - names.length);
		}
		default:
			return reason.text;
	}
}

/** What is longer than a line: shown whole, before and now. */
export const isLong = (reason: Reason): boolean =>
	reason.kind === 'prompt' ||
	(reason.kind === 'field' && (shortly(reason.was) === undefined || shortly(reason.now) === undefined));
