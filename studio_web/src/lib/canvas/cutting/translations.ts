import type { GraphEdge, Operation, Timeline } from '../../api/types.ts';
import { into } from '../../catalog/resolve.ts';
import type { Doc } from '../../project/ops.ts';

/** What is written in a cut and what it is in another language, as a table that translators can fill. Pure. */

export interface Line {
	card: string;
	/** The field it is kept in; in another language with a colon and that language behind it. */
	field: 'value' | 'super';
	shot: string;
	speaker: string;
	words: string;
}

export interface Filled {
	operations: Operation[];
	/** Lines that got words, that already had them, that came back as they were written, and rows that belong to no line. */
	taken: number;
	same: number;
	untouched: number;
	lost: number;
}

export const isLanguage = (tag: string): boolean => /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/.test(tag);

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** The wires that bring a shot or a voice what is said in it; a mix has sounds there. */
export const linesInto = (doc: Doc, card: string): GraphEdge[] =>
	into(doc, card).filter(
		(edge) => edge.target_handle === 'dialogue' && typeof doc.nodes.get(edge.source)?.data.value === 'string'
	);

/**
 * The lines and titles of a cut in its order, a card once: of its shots, then of its voices. `spoken` has the lines of
 * the shots alone, as often as they are said: the film's subtitles.
 */
export function linesOf(doc: Doc, cut: Timeline): { lines: Line[]; spoken: Line[] } {
	const lines = new Map<string, Line>();
	const spoken: Line[] = [];
	const said = (card: string, shot: string): Line[] =>
		linesInto(doc, card)
			.flatMap((edge) => doc.nodes.get(edge.source) ?? [])
			.toSorted((a, b) => a.y - b.y || a.x - b.x || (a.id < b.id ? -1 : 1))
			.map((one) => ({
				shot,
				card: one.id,
				field: 'value' as const,
				speaker: text(one.data.speaker),
				words: text(one.data.value)
			}))
			.filter((line) => line.words);
	for (const clip of cut.cuts) {
		const title = text(doc.nodes.get(clip.node_id)?.data.super);
		const shot = { shot: clip.shot, speaker: '' };
		if (title)
			lines.set(`${clip.node_id} super`, { card: clip.node_id, field: 'super', words: title, ...shot });
		for (const line of said(clip.node_id, clip.shot)) {
			if (!lines.has(`${line.card} value`)) lines.set(`${line.card} value`, line);
			spoken.push(line);
		}
	}
	for (const voice of cut.voices)
		for (const line of said(voice.node_id, voice.name))
			if (!lines.has(`${line.card} value`)) lines.set(`${line.card} value`, line);
	return { lines: [...lines.values()], spoken };
}

export function told(doc: Doc, line: Line, language: string): string {
	return text(doc.nodes.get(line.card)?.data[`${line.field}:${language}`]);
}

/** No spreadsheet takes a cell for a formula: what could be one has a sign before it, which is taken off again. */
const guarded = (cell: string): string => (/^['=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
const bare = (cell: string): string => (/^'['=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

export function asTable(doc: Doc, lines: readonly Line[], language: string): string {
	const rows = lines.map((line) => [
		`${line.card} ${line.field}`,
		line.shot,
		line.field === 'super' ? '(title)' : line.speaker,
		line.words,
		told(doc, line, language)
	]);
	return (
		'\ufeff' +
		[['line', 'shot', 'speaker', 'original', language], ...rows]
			.map((row) => row.map((cell) => `"${guarded(cell).replaceAll('"', '""')}"`).join(','))
			.join('\r\n') +
		'\r\n'
	);
}

/** Rows of a table whose cells stand between commas, semicolons or tabs, quoted or not. */
export function rowsOf(table: string): string[][] {
	const source = table.replace(/^\ufeff/, '');
	const head = source.split(/\r?\n/, 1)[0] ?? '';
	const mark = [',', ';', '\t'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ',';
	const rows: string[][] = [];
	let [row, cell, quoted] = [[] as string[], '', false];
	for (let at = 0; at < source.length; at++) {
		const sign = source.charAt(at);
		if (quoted) {
			if (sign !== '"') cell += sign;
			else if (source.charAt(at + 1) === '"') cell += source.charAt(at++);
			else quoted = false;
		} else if (sign === '"' && !cell) quoted = true;
		else if (sign === mark) [row, cell] = [[...row, cell], ''];
		else if (sign === '\n') {
			rows.push([...row, cell.replace(/\r$/, '')]);
			[row, cell] = [[], ''];
		} else cell += sign;
	}
	if (cell || row.length) rows.push([...row, cell]);
	return rows;
}

/** The words of subtitles (SRT, WebVTT) in order, without their times and marks. */
export function cuesOf(file: string): string[] {
	return file
		.replace(/^\ufeff/, '')
		.split(/\r?\n[ \t]*(?:\r?\n)+/)
		.flatMap((block) => {
			const rows = block.split(/\r?\n/);
			const at = rows.findIndex((row) => row.includes('-->'));
			if (at < 0) return [];
			return [
				rows
					.slice(at + 1)
					.join('\n')
					.replaceAll(/<\/?[^>]*>/g, '')
					.replaceAll('&lt;', '<')
					.replaceAll('&gt;', '>')
					.replaceAll('&amp;', '&')
					.trim()
			];
		});
}

/** What a table would put on the board; undefined for a file that is none with the columns `line` and the language's. */
export function fromTable(
	doc: Doc,
	lines: readonly Line[],
	language: string,
	file: string
): Filled | undefined {
	const [head, ...rows] = rowsOf(file);
	const names = (head ?? []).map((name) => name.trim().toLowerCase());
	const [key, goal] = [names.indexOf('line'), names.indexOf(language.toLowerCase())];
	if (key < 0 || goal < 0) return undefined;
	const known = new Map(lines.map((line) => [`${line.card} ${line.field}`, line]));
	const pairs = rows
		.filter((row) => row.some((cell) => cell.trim()))
		.map((row) => [known.get((row[key] ?? '').trim()), bare((row[goal] ?? '').trim())] as const);
	return filled(doc, pairs, language, false);
}

/** What subtitles would put on the board, line by line; undefined where there are not as many as lines that are said. */
export function fromCues(
	doc: Doc,
	spoken: readonly Line[],
	language: string,
	file: string
): Filled | undefined {
	const cues = cuesOf(file);
	if (!cues.length || cues.length !== spoken.length) return undefined;
	return filled(
		doc,
		cues.map((cue, at) => [spoken[at], cue] as const),
		language,
		true
	);
}

/** Empty cells take nothing away. Of subtitles, words that came back as they were written are not translated yet. */
function filled(
	doc: Doc,
	pairs: readonly (readonly [Line | undefined, string])[],
	language: string,
	isWhole: boolean
): Filled {
	const made: Filled = { operations: [], taken: 0, same: 0, untouched: 0, lost: 0 };
	const seen = new Set<Line | string>();
	for (const [line, words] of pairs) {
		if (!line) {
			made.lost++;
			continue;
		}
		const id = `${line.card} ${line.field}`;
		if (!words || seen.has(id)) continue;
		if (isWhole && words === line.words) {
			made.untouched++;
			continue;
		}
		seen.add(id);
		if (told(doc, line, language) === words) {
			made.same++;
			continue;
		}
		made.taken++;
		made.operations.push({ op: 'node.set', id: line.card, name: `${line.field}:${language}`, value: words });
	}
	return made;
}
