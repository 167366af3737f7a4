import { keep, kept } from '../../ui/kept.ts';
import type { GraphNode } from '../../api/types.ts';
import type { Command } from '../../commands/command.ts';
import { onBoard, whyNot } from '../../commands/command.ts';
import { labelsOf, type OwnKeys } from '../../commands/keymap.ts';
import { m } from '../../i18n/messages.ts';
import { groups, paletteWords as words } from '#words/commands.ts';
import { search } from '../fuzzy.ts';
import { standOnNew } from '../gestures/standing.ts';
import { addInSight } from '../adding.ts';
import { nameIn } from '../naming.ts';
import type { Workbench } from '../workbench.svelte.ts';

/**
 * What the palette finds: commands, cards to go to, takes to look at, kinds of cards to add. Read from the project when
 * somebody types; nothing is kept but the ids of what was used last.
 */

export interface Entry {
	/** Lasting, for "used last". */
	id: string;
	title: string;
	/** What kind of thing it is. */
	kind: string;
	keys?: string;
	/** Why it cannot run now. */
	why?: string;
	/** Further words it is found by. */
	words: readonly string[];
	run: () => void;
}

const RECENT = 'studio.recent';
const MOST_RECENT = 12;
const MOST_SHOWN = 60;
const MOST_LAST = 4;
const MOST_JUMPS = 5;

export function commandEntries(commands: readonly Command[], own: OwnKeys): Entry[] {
	return commands
		.filter((command) => command.id !== 'palette' && whyNot(command, onBoard) !== '')
		.map((command) => {
			const keys = labelsOf(command, own)[0];
			const why = whyNot(command, onBoard);
			return {
				id: command.id,
				title: command.title,
				kind: groups[command.group] ?? command.group,
				...(keys ? { keys } : {}),
				...(why ? { why } : {}),
				words: [],
				run: () => command.run(onBoard)
			};
		});
}

export function typeEntries(bench: Workbench): Entry[] {
	return bench.catalog.catalog.nodes.map((type) => ({
		id: `add ${type.type}`,
		title: m.canvas.addCard(type.title),
		kind: words.adds,
		words: type.keywords,
		run: () => {
			const onBoard = document.activeElement?.closest('[data-board]') !== null;
			addInSight(bench, type.type);
			if (onBoard) standOnNew(bench);
		}
	}));
}

function cardEntry(bench: Workbench, node: GraphNode): Entry {
	const name = nameIn(bench.catalog, bench.session.doc, node.id);
	const prompt = typeof node.data.prompt === 'string' ? node.data.prompt : '';
	return {
		id: `card ${node.id}`,
		title: prompt ? words.cardSaying(name, prompt.slice(0, 140)) : name,
		kind: words.cards,
		words: [name, String(node.data.title ?? ''), String(node.data.name ?? ''), prompt],
		run: () => bench.show(node.id)
	};
}

export function cardEntries(bench: Workbench): Entry[] {
	const { doc, runs } = bench.session;
	return [...doc.nodes.values()].flatMap((node) => {
		const name = nameIn(bench.catalog, doc, node.id);
		const card = cardEntry(bench, node);
		const takes = (runs.takes.get(node.id) ?? []).map((take): Entry => ({
			id: `take ${take.name}`,
			title: words.takeOf(name, m.shot.takeName(take.version, take.number)),
			kind: words.takes,
			words: [take.name],
			run: () => {
				bench.show(node.id);
				bench.activate(node.id, take.name);
			}
		}));
		return [card, ...takes.reverse()];
	});
}

/** Scenes and shots, in the order of the board's list: where somebody who has typed nothing may want to go. */
function jumps(bench: Workbench): Entry[] {
	const { doc } = bench.session;
	const places = ['scene', 'shot'].flatMap((type) =>
		[...doc.nodes.values()].filter((node) => node.type === type).slice(0, MOST_JUMPS)
	);
	return places.slice(0, MOST_JUMPS).map((node) => cardEntry(bench, node));
}

/** With nothing typed: what was used last, where to go, then what can be done now. Else all that matches, best first. */
export function found(query: string, bench: Workbench, commands: readonly Command[], own: OwnKeys): Entry[] {
	if (query.trim() !== '') {
		const all = [...commandEntries(commands, own), ...typeEntries(bench), ...cardEntries(bench)];
		const texts = (entry: Entry) => [entry.title, ...entry.words, entry.kind];
		return search(query, all, texts).slice(0, MOST_SHOWN);
	}
	const used = recent();
	// The many ways to nudge a card are known by their keys, or found by typing.
	const offered = commandEntries(
		commands.filter((command) => !command.row),
		own
	).filter((entry) => entry.why === undefined);
	const always = [...offered, ...typeEntries(bench)];
	const known = used.some((id) => /^(card|take) /.test(id)) ? [...always, ...cardEntries(bench)] : always;
	const last = used.flatMap((id) => known.find((entry) => entry.id === id) ?? []).slice(0, MOST_LAST);
	const seen = new Set<string>();
	return [...last, ...jumps(bench), ...always]
		.filter((entry) => !seen.has(entry.id) && seen.add(entry.id))
		.slice(0, MOST_SHOWN);
}

export function recent(): string[] {
	const used = kept(RECENT);
	return Array.isArray(used) ? used.map(String) : [];
}

export function noteUse(id: string): void {
	keep(RECENT, [id, ...recent().filter((one) => one !== id)].slice(0, MOST_RECENT));
}
