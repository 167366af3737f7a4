import { describe, expect, it } from 'vitest';
import type { GraphNode, Timeline } from '../../api/types.ts';
import { emptyDoc, wire, type Doc } from '../../project/ops.ts';
import { asTable, cuesOf, fromCues, fromTable, isLanguage, linesOf, rowsOf } from './translations.ts';

const card = (id: string, y: number, data: Record<string, unknown>): [string, GraphNode] => [
	id,
	{ id, type: 'dialogue', x: 0, y, parent: null, data }
];
const wires = [
	wire('b', 'value', 's', 'dialogue'),
	wire('a', 'value', 's', 'dialogue'),
	wire('a', 'value', 't', 'dialogue'),
	wire('c', 'value', 'narrator', 'dialogue')
];
const doc: Doc = {
	...emptyDoc,
	nodes: new Map([
		card('s', 0, { super: 'Paris, "1923"' }),
		card('t', 0, {}),
		card('a', 1, { value: 'Where?', speaker: 'ANA', 'value:fr': 'Où ?' }),
		card('b', 2, { value: '=At sea' }),
		card('c', 3, { value: 'Long ago' }),
		card('narrator', 4, {})
	]),
	edges: new Map(wires.map((one) => [one.id, one]))
};
const cut = {
	cuts: [
		{ node_id: 's', shot: 'SHOT-010' },
		{ node_id: 't', shot: 'SHOT-020' }
	],
	voices: [{ node_id: 'narrator', name: 'Speech V010' }]
} as unknown as Timeline;
const { lines, spoken } = linesOf(doc, cut);

it('lists titles and lines in the order of the cut, a card once, then those of its voices, and what is said as often as it is', () => {
	expect(lines.map((line) => [line.card, line.field, line.shot])).toEqual([
		['s', 'super', 'SHOT-010'],
		['a', 'value', 'SHOT-010'],
		['b', 'value', 'SHOT-010'],
		['c', 'value', 'Speech V010']
	]);
	expect(spoken.map((line) => line.card)).toEqual(['a', 'b', 'a']);
});

describe('a table', () => {
	it('goes out with what is there and comes back as it was', () => {
		const table = asTable(doc, lines, 'fr');
		expect(rowsOf(table)[1]).toEqual(['s super', 'SHOT-010', '(title)', 'Paris, "1923"', '']);
		expect(rowsOf(table)[3]?.[3]).toBe("'=At sea");
		expect(fromTable(doc, lines, 'fr', table)).toMatchObject({ operations: [], taken: 0, same: 1, lost: 0 });
	});

	it('is taken with semicolons and lines of several rows; what belongs to nothing is counted', () => {
		const table =
			'line;original;FR\r\nb value;=At sea;"En mer,\nloin"\r\ngone value;x;y\r\na value;Where?;\r\n';
		expect(fromTable(doc, lines, 'fr', table)).toEqual({
			operations: [{ op: 'node.set', id: 'b', name: 'value:fr', value: 'En mer,\nloin' }],
			taken: 1,
			same: 0,
			untouched: 0,
			lost: 1
		});
		expect(fromTable(doc, lines, 'de', table)).toBeUndefined();
	});
});

describe('subtitles', () => {
	const srt =
		'1\r\n00:00:00,000 --> 00:00:01,000\r\nOù ça ?\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\n=At sea\r\n\r\n';
	it('are taken line by line; what came back untranslated stays untranslated', () => {
		const whole = `${srt}3\r\n00:00:04,000 --> 00:00:05,000\r\n<i>Où ça ?</i>\r\n`;
		expect(cuesOf(whole)).toEqual(['Où ça ?', '=At sea', 'Où ça ?']);
		expect(fromCues(doc, spoken, 'fr', whole)).toMatchObject({
			operations: [{ id: 'a', name: 'value:fr', value: 'Où ça ?' }],
			taken: 1,
			untouched: 1
		});
	});

	it('are refused where their number is another', () => {
		expect(fromCues(doc, spoken, 'fr', srt)).toBeUndefined();
	});

	it('may be WebVTT, with names and notes', () => {
		const vtt = 'WEBVTT\n\nNOTE made by hand\n\n00:00.000 --> 00:01.000\n<v ANA>Où &lt;ça&gt; ?\n';
		expect(cuesOf(vtt)).toEqual(['Où <ça> ?']);
	});
});

it('knows a language when it sees one', () => {
	expect(['fr', 'pt-BR', 'zh-Hant', 'French', 'FR', ''].map(isLanguage)).toEqual([
		true,
		true,
		true,
		false,
		false,
		false
	]);
});
