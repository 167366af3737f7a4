import * as words from '#words/tour.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** Where the tour stops, and where its words stand. */

export interface Stop {
	say: { title: string; text: string };
	/** What it is about, on the page; without it the stop is about the whole board. */
	at?: string;
	/** The cards to be in sight. */
	cards?: readonly string[];
}

interface Size {
	width: number;
	height: number;
}

interface Box extends Size {
	x: number;
	y: number;
}

const GAP = 14;
const EDGE = 16;

const card = (id: string) => `.svelte-flow__node[data-id="${CSS.escape(id)}"]`;

/** The stops that there is something to show at. */
export function stops(bench: Workbench): Stop[] {
	const { doc, project, runs } = bench.session;
	const nodes = [...doc.nodes.values()];
	const shots = nodes.filter((node) => node.type === 'shot');
	const shot = shots.find((node) => runs.takes.get(node.id)?.length) ?? shots[0];
	const cut = nodes.find((node) => node.type === 'assembler');
	const { film, ...say } = words.steps;
	const whole = nodes.filter((node) => !node.parent).map((node) => node.id);
	return [
		{ say: { ...film, title: film.title(project?.title ?? '') }, cards: whole },
		...(shot
			? [
					{ say: say.shot, at: card(shot.id), cards: [shot.id] },
					{ say: say.prompt, at: `${card(shot.id)} textarea`, cards: [shot.id] }
				]
			: []),
		{ say: say.rebuild, at: '[data-tour="rebuild"]' },
		...(cut ? [{ say: say.cut, at: card(cut.id), cards: [cut.id] }] : []),
		{ say: say.quality, at: '[data-tour="quality"]' }
	];
}

/** The corner of a card of words beside what it is about, where there is room for it; in the middle without such a thing. */
export function placed(words: Size, about: Box | undefined, page: Size): { x: number; y: number } {
	const within = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));
	if (!about) return { x: (page.width - words.width) / 2, y: (page.height - words.height) / 2 };
	const x = within(about.x + (about.width - words.width) / 2, page.width - words.width);
	const y = within(about.y, page.height - words.height);
	const right = about.x + about.width + GAP;
	const left = about.x - GAP - words.width;
	const below = about.y + about.height + GAP;
	if (right + words.width + EDGE <= page.width && about.height > words.height) return { x: right, y };
	if (below + words.height + EDGE <= page.height) return { x, y: below };
	if (about.y - GAP - words.height >= EDGE) return { x, y: about.y - GAP - words.height };
	if (right + words.width + EDGE <= page.width) return { x: right, y };
	return { x: within(left, page.width - words.width), y };
}
