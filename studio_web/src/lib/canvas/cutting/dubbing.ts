import type { FieldSpec, GraphNode, Operation, Timeline } from '../../api/types.ts';
import type { CatalogIndex } from '../../catalog/catalog-index.ts';
import { outOf, resolve } from '../../catalog/resolve.ts';
import { copy } from '../../project/clipboard.ts';
import { cornerOf } from '../../project/nesting.ts';
import { newNodeId, wire, type Doc } from '../../project/ops.ts';
import { paste } from '../../project/pasting.ts';
import { newNode } from '../new-cards.ts';
import { linesInto } from './translations.ts';

/**
 * Voices of a cut in another language: a speech card for each voice, and for each shot whose take says its own lines,
 * wired with the same lines and heard in its place. Pure; fetched with the first one.
 */

export interface Dubs {
	operations: Operation[];
	/** The new cards. */
	cards: string[];
	/** Lines said by them that have nothing in the language yet. */
	lacking: number;
}

/** A type that speaks, and the voices it has by default. */
const SPEECH = 'speech';
const ACROSS = 336;
const DOWN = 480;
/** What says where a voice lies: a new one lies where the one lies that it stands in for. */
const PLACED = [
	'sound_shot',
	'sound_at',
	'sound_skip',
	'sound_length',
	'sound_gain',
	'sound_fade_in',
	'sound_fade_out'
];

/** The voices that a cut lacks in a language. Of a voice without lines, such as a recording, nothing can be said anew. */
export function dubs(doc: Doc, catalog: CatalogIndex, cut: Timeline, language: string, below: number): Dubs {
	const done = new Set(cut.voices.filter((one) => one.language === language).map((one) => one.instead));
	const maker = doc.nodes.get(cut.cut_of);
	const cards: GraphNode[] = [];
	const wires: Operation[] = [];
	const lines = new Set<string>();
	const add = (of: GraphNode, card: GraphNode, goals: Iterable<readonly [string, string]>) => {
		// Under what it says anew, and under another one that stands there already.
		const { x } = cornerOf(doc, of);
		let y = below;
		while (cards.some((other) => other.y === y && Math.abs(other.x - x) < ACROSS)) y += DOWN;
		const data = { ...card.data, sound_language: language, sound_instead: of.id };
		const spoken = resolve(doc, { ...card, data }, catalog).fields.find((field) => field.name === 'language');
		const voice = voiceFor(spoken, language);
		cards.push({
			...card,
			x,
			y,
			parent: null,
			data: voice === undefined ? data : { ...data, language: voice }
		});
		for (const edge of linesInto(doc, of.id)) {
			lines.add(edge.source);
			wires.push({ op: 'edge.add', edge: wire(edge.source, edge.source_handle, card.id, 'dialogue') });
		}
		for (const [target, handle] of goals)
			wires.push({ op: 'edge.add', edge: wire(card.id, 'audio', target, handle) });
	};
	for (const voice of cut.voices) {
		const of = doc.nodes.get(voice.node_id);
		if (!of || voice.language || done.has(of.id) || !linesInto(doc, of.id).length) continue;
		const clip = copy(doc, [of.id]);
		const card = clip && paste(clip, of).nodes[0];
		if (!card) continue;
		const data = Object.fromEntries(Object.entries(card.data).filter(([name]) => !PLACED.includes(name)));
		add(
			of,
			{ ...card, data },
			outOf(doc, of.id).map((edge) => [edge.target, edge.target_handle] as const)
		);
	}
	for (const clip of cut.cuts) {
		const of = doc.nodes.get(clip.node_id);
		if (!of || done.has(of.id) || !linesInto(doc, of.id).length || !maker) continue;
		if (!clip.has_audio && !clip.replaced && clip.take) continue;
		done.add(of.id);
		const own = typeof of.data.women === 'string' ? { women: of.data.women } : {};
		const scene = typeof of.data.scene === 'string' ? { scene: of.data.scene } : {};
		const card = newNode(catalog, doc, SPEECH, of, { ...scene, ...own, sound_shot: of.id });
		add(of, { ...card, id: newNodeId() }, [[maker.id, 'voices']]);
	}
	const lacking = [...lines].filter((id) => {
		const data = doc.nodes.get(id)?.data ?? {};
		const said = (name: string) => typeof data[name] === 'string' && data[name].trim() !== '';
		return said('value') && !said(`value:${language}`);
	}).length;
	return {
		operations: [...cards.map((node): Operation => ({ op: 'node.add', node })), ...wires],
		cards: cards.map((card) => card.id),
		lacking
	};
}

/** Whether the speech that is in use has a voice for a language; one that does not say which it has may have any. */
export function speaks(catalog: CatalogIndex, language: string): boolean {
	const speech = catalog.usualPipeline(catalog.type(SPEECH)?.task ?? null);
	const field = speech?.fields.find((one) => one.name === 'language');
	return speech !== undefined && (!field?.choices?.length || voiceFor(field, language) !== undefined);
}

/** The voice of a choice that speaks a language: its own country's where there is one. */
function voiceFor(field: FieldSpec | undefined, language: string): string | undefined {
	const voices = field?.choices?.map((choice) => String(choice.value)) ?? [];
	const wanted = language.toLowerCase();
	const base = (tag: string) => tag.split('-')[0];
	return (
		voices.find((one) => one.toLowerCase() === wanted) ??
		voices.find((one) => base(one.toLowerCase()) === base(wanted))
	);
}
