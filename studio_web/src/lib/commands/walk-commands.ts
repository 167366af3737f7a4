import type { Workbench } from '../canvas/workbench.svelte.ts';
import { alongWires, beside, nearest, neighbour, type Standing, type Way } from '../canvas/walking.ts';
import { nameOf, stateLine } from '../canvas/finding/facts.ts';
import { goInside, standOn } from '../canvas/gestures/standing.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { reasons } from '#words/commands.ts';
import { walkWords as words } from '#words/finding.ts';
import type { Command } from './command.ts';

/**
 * The board without a mouse. It is one stop of the Tab key; Alt and an arrow walk to the card on that side, with Shift
 * along the wires. Plain arrows move the selection, as everywhere. Enter goes into a card, Esc comes out.
 */

const ways: readonly [string, Way][] = [
	['Left', 'left'],
	['Right', 'right'],
	['Up', 'up'],
	['Down', 'down']
];

export function walkCommands(bench: Workbench): Command[] {
	const { board } = bench;
	const cards = (): Standing[] =>
		board.nodes.flatMap((card) => {
			const box = board.box(card.id);
			return box && !card.hidden ? [{ id: card.id, ...box }] : [];
		});
	const go = (id: string | undefined, none: string) => {
		if (id === undefined) return announce(none);
		standOn(bench, id);
		announce(words.at(nameOf(bench, id), stateLine(bench, id)));
	};
	const here = () => board.selected[0];

	const walk = (way: Way) => () => {
		const all = cards();
		const from = all.find((card) => card.id === here());
		const to = from ? neighbour(all, from, way) : nearest(all, bench.camera?.middle() ?? { x: 0, y: 0 });
		go(to?.id, all.length ? words.nothingThere : words.empty);
	};
	const follow = (way: Way) => () => {
		const from = here();
		if (from === undefined) return walk(way)();
		const { doc } = bench.session;
		const to =
			way === 'left'
				? alongWires(doc, from, 'upstream')[0]
				: way === 'right'
					? alongWires(doc, from, 'downstream')[0]
					: beside(doc, from, way === 'up' ? -1 : 1);
		go(to, words.noWireThere);
	};
	const along: Record<Way, string> = {
		left: words.upstream,
		right: words.downstream,
		up: words.side('up'),
		down: words.side('down')
	};
	return [
		...ways.map(([key, way]): Command => ({
			id: `walk-${way}`,
			group: 'find',
			title: words[way],
			row: words.row,
			keys: [`Alt+${key}`],
			run: walk(way)
		})),
		...ways.map(([key, way]): Command => ({
			id: `follow-${way}`,
			group: 'find',
			title: along[way],
			row: words.wireRow,
			keys: [`Alt+Shift+${key}`],
			run: follow(way)
		})),
		{
			id: 'enter',
			group: 'find',
			title: words.enter,
			keys: ['Enter'],
			when: () => bench.chosen !== undefined || reasons.oneCard,
			run: () => {
				const id = here();
				if (id !== undefined) goInside(bench, id);
			}
		}
	];
}
