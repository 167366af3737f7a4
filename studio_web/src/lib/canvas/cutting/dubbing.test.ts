import { expect, it } from 'vitest';
import type { GraphNode, Operation, Timeline } from '../../api/types.ts';
import { CatalogIndex } from '../../catalog/catalog-index.ts';
import { catalog as base } from '../../catalog/fixture.ts';
import { apply, emptyDoc, wire } from '../../project/ops.ts';
import { ownField } from '../../widgets/widget.ts';
import { dubs, speaks } from './dubbing.ts';

const speech = {
	...base.nodes.find((one) => one.type === 'shot')!,
	type: 'speech',
	task: 'make-sound',
	code_prefix: 'V'
};
const voices = ['en-us', 'en-gb', 'fr', 'pt-br'].map((value) => ({ value, label: value }));
const robot = {
	...base.pipelines.find((one) => one.id === 'animatic')!,
	id: 'speak',
	name: 'speak',
	task: 'make-sound',
	inputs: [],
	fields: [ownField('language', 'Language', 'select', { choices: voices, default: 'en-us' })]
};
const catalog = new CatalogIndex({
	...base,
	nodes: [...base.nodes, speech],
	pipelines: [...base.pipelines, robot],
	default_pipelines: { ...base.default_pipelines, 'make-sound': 'speak' }
});

const add = (id: string, type: string, data: Record<string, unknown> = {}): Operation => ({
	op: 'node.add',
	node: { id, type, x: 0, y: 0, parent: null, data } satisfies GraphNode
});
const join = (from: string, out: string, to: string, into: string): Operation => ({
	op: 'edge.add',
	edge: wire(from, out, to, into)
});
const doc = apply(emptyDoc, [
	add('film', 'assembler'),
	add('s1', 'shot', { scene: '02', women: 'Anna' }),
	add('s2', 'shot'),
	add('voice', 'speech', { code: 'V010', active_take: 'x', sound_gain: -3, women: 'Mara' }),
	add('recorded', 'audio'),
	add('hello', 'dialogue', { value: 'Hello', 'value:fr': 'Bonjour' }),
	add('bye', 'dialogue', { value: 'Bye' }),
	join('hello', 'value', 's1', 'dialogue'),
	join('bye', 'value', 'voice', 'dialogue'),
	join('voice', 'audio', 'film', 'voices'),
	join('recorded', 'audio', 'film', 'voices')
]);
const voice = (node_id: string, language = '', instead: string | null = null) =>
	({ node_id, name: node_id, language, instead, there: true, heard: true }) as const;
const cut = {
	cut_of: 'film',
	voices: [voice('voice'), voice('recorded')],
	cuts: [
		{ node_id: 's1', take: 't', has_audio: true },
		{ node_id: 's2', take: 't', has_audio: true }
	]
} as unknown as Timeline;

it('says each line again: in place of the voices that have lines and of the shots that speak theirs', () => {
	const made = dubs(doc, catalog, cut, 'fr', 500);
	const after = apply(doc, made.operations);
	const [first, second] = made.cards.map((id) => after.nodes.get(id)!);
	expect([made.cards.length, made.lacking]).toEqual([2, 1]);
	expect(first?.data).toEqual({
		women: 'Mara',
		sound_language: 'fr',
		sound_instead: 'voice',
		language: 'fr'
	});
	expect(second?.data).toEqual({
		scene: '02',
		women: 'Anna',
		sound_shot: 's1',
		sound_language: 'fr',
		sound_instead: 's1',
		language: 'fr'
	});
	expect([first?.y, second?.y]).toEqual([500, 980]);
	const into = (id: string) => [...after.edges.values()].filter((edge) => edge.target === id);
	expect(into(second!.id).map((edge) => edge.source)).toEqual(['hello']);
	expect(into('film').map((edge) => edge.source)).toEqual(['voice', 'recorded', ...made.cards]);
});

it('adds what is lacking only', () => {
	const some = { ...cut, voices: [...cut.voices, voice('un', 'fr', 's1')] } as unknown as Timeline;
	expect(dubs(doc, catalog, some, 'fr', 0).cards).toHaveLength(1);
	expect(dubs(doc, catalog, some, 'de', 0).cards).toHaveLength(2);
	const own = { ...cut, cuts: [{ node_id: 's1', take: 't', has_audio: false }] } as unknown as Timeline;
	expect(dubs(doc, catalog, own, 'fr', 0).cards).toHaveLength(1);
});

it('takes the voice of the country where there is one, and knows which languages it has no voice for', () => {
	const told = (tag: string) => {
		const made = dubs(doc, catalog, cut, tag, 0);
		return apply(doc, made.operations).nodes.get(made.cards[0]!)?.data.language;
	};
	expect([told('pt-BR'), told('fr-CA'), told('en')]).toEqual(['pt-br', 'fr', 'en-us']);
	expect([speaks(catalog, 'fr-CA'), speaks(catalog, 'ja')]).toEqual([true, false]);
});
