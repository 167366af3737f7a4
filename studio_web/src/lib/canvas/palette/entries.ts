import type { Command } from '../../commands/command.ts';
import { onBoard, whyNot } from '../../commands/command.ts';
import { labelsOf, type OwnKeys } from '../../commands/keymap.ts';
import { resolve } from '../../catalog/resolve.ts';
import { m } from '../../i18n/messages.ts';
import { groups, paletteWords as words } from '#words/commands.ts';
import { cardName } from '../deck.ts';
import { search } from '../fuzzy.ts';
import { standOnNew } from '../gestures/standing.ts';
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
		title: m.canvas.addNode(type.title),
		kind: words.adds,
		words: type.keywords,
		run: () => {
			const onBoard = document.activeElement?.closest('[data-board]') !== null;
			bench.addInSight(type.type);
			if (onBoard) standOnNew(bench);
		}
	}));
}

export function cardEntries(bench: Workbench): Entry[] {
	const { doc, runs } = bench.session;
	return [...doc.nodes.values()].flatMap((node) => {
		const is = resolve(doc, node, bench.catalog);
		const name = cardName(node, is);
		const prompt = typeof node.data.prompt === 'string' ? node.data.prompt : '';
		const card: Entry = {
			id: `card ${node.id}`,
			title: prompt ? words.cardSaying(name, prompt.slice(0, 60)) : name,
			kind: words.cards,
			words: [name, String(node.data.title ?? ''), String(node.data.name ?? ''), prompt],
			run: () => bench.show(node.id)
		};
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

/** With nothing typed: what was used last, then commands. Else everything that matches, best first. */
export function found(query: string, bench: Workbench, commands: readonly Command[], own: OwnKeys): Entry[] {
	const always = [...commandEntries(commands, own), ...typeEntries(bench)];
	if (query.trim() !== '') {
		const texts = (entry: Entry) => [entry.title, ...entry.words, entry.kind];
		return search(query, [...always, ...cardEntries(bench)], texts).slice(0, MOST_SHOWN);
	}
	const used = recent();
	const place = (entry: Entry) => {
		const at = used.indexOf(entry.id);
		return at < 0 ? used.length : at;
	};
	return always.sort((a, b) => place(a) - place(b)).slice(0, MOST_SHOWN);
}

export function recent(): string[] {
	try {
		const used: unknown = JSON.parse(localStorage.getItem(RECENT) ?? '[]');
		return Array.isArray(used) ? used.map(String) : [];
	} catch {
		return [];
	}
}

export function noteUse(id: string): void {
	try {
		const used = [id, ...recent().filter((one) => one !== id)].slice(0, MOST_RECENT);
		localStorage.setItem(RECENT, JSON.stringify(used));
	} catch {
		// Private windows may refuse: then nothing is known to be recent.
	}
}
