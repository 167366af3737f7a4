import type { GraphNode } from '#lib/api/types.ts';
import { shownTake } from '../run-state.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** What is said in a card's sound and when, as the card keeps it (docs/protocol.md, `captions:`). */

export interface Caption {
	/** Thousandths of a second from the sound's beginning. */
	begins: number;
	ends: number;
	words: string;
}

export interface Sound {
	oid: string;
	url: string;
	seconds: number;
}

export const LONGEST = 500;

export const fieldOf = (oid: string): string => `captions:${oid.slice(0, 16)}`;

/** The sound of a card: of the take that it shows, or its file. */
export function soundOf(bench: Workbench, node: GraphNode | undefined): Sound | undefined {
	if (!node) return undefined;
	const { runs } = bench.session;
	const take = shownTake(runs.takes.get(node.id), node.data.active_take);
	if (take) {
		return take.has_audio ? { oid: take.oid, url: take.media_url, seconds: take.duration_s ?? 0 } : undefined;
	}
	const asset = runs.assets.get(String(node.data.asset ?? ''));
	if (asset?.kind !== 'audio') return undefined;
	return { oid: asset.oid, url: asset.media_url, seconds: asset.duration_s ?? 0 };
}

/** What is no caption counts as not there, as in the studio. */
export function captionsIn(node: GraphNode | undefined, oid: string): Caption[] {
	const told = node?.data[fieldOf(oid)];
	if (!Array.isArray(told)) return [];
	return told.flatMap((entry: unknown) => {
		if (!Array.isArray(entry)) return [];
		const [begins, ends, words] = entry as unknown[];
		const fits = typeof begins === 'number' && typeof ends === 'number' && typeof words === 'string';
		return fits && begins < ends ? [{ begins, ends, words }] : [];
	});
}

export const asField = (captions: readonly Caption[]): unknown[] | null =>
	captions.length ? captions.map((one) => [one.begins, one.ends, one.words]) : null;

/** `0:01.25`, or `1:02:03.5`. */
export function clock(thousandths: number): string {
	const seconds = Math.floor(thousandths / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const rest = String(thousandths % 1000)
		.padStart(3, '0')
		.replace(/0{1,2}$/, '');
	const tail = `${String(seconds % 60).padStart(2, '0')}.${rest}`;
	return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** What a person typed as a time: seconds, or minutes and hours before colons. */
export function clocked(text: string): number | undefined {
	const parts = text.trim().replace(',', '.').split(':');
	if (parts.length > 3 || parts.some((part) => !/^\d+(\.\d{0,3})?$/.test(part))) return undefined;
	if (parts.slice(0, -1).some((part) => part.includes('.'))) return undefined;
	return Math.round(parts.reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);
}

/** Words as a caption may have them: on one line, without the signs of markup. */
export const plain = (words: string): string =>
	words
		.replace(/[<>]|\{\\/g, '')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, LONGEST);

/** What was edited, in order, without rows that say nothing. */
export function settled(rows: readonly Caption[]): Caption[] {
	return rows
		.map((row) => ({ ...row, words: plain(row.words) }))
		.filter((row) => row.words && row.begins < row.ends)
		.sort((one, other) => one.begins - other.begins || one.ends - other.ends);
}

/** The captions as a SubRip file; one that runs into the next ends there. */
export function srt(captions: readonly Caption[]): string {
	const time = (at: number) => {
		const seconds = Math.floor(at / 1000);
		const part = (value: number, width = 2) => String(value).padStart(width, '0');
		const minutes = `${part(Math.floor(seconds / 3600))}:${part(Math.floor(seconds / 60) % 60)}`;
		return `${minutes}:${part(seconds % 60)},${part(at % 1000, 3)}`;
	};
	return captions
		.map((one, index) => {
			const ends = Math.min(one.ends, captions[index + 1]?.begins ?? one.ends);
			return `${index + 1}\r\n${time(one.begins)} --> ${time(Math.max(ends, one.begins + 1))}\r\n${one.words}\r\n`;
		})
		.join('\r\n');
}
