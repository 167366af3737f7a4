import type { Task } from '../../api/types.ts';
import { isActive } from '../../runs/runs.svelte.ts';
import { findWords as words } from '#words/finding.ts';
import { nameIn } from '../naming.ts';
import { stateText } from '../run-state.ts';
import { isMuted } from '../../catalog/scenes.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** What can be said about a card in a line: what it is called and how it stands. For find, outline and announcements. */

export type State =
	'failed' | 'running' | 'waiting' | 'stale' | 'locked' | 'unknown' | 'no-take' | 'done' | 'muted';

export interface CardFacts {
	id: string;
	type: string;
	name: string;
	/** Everything it can be found by. */
	texts: readonly string[];
	states: ReadonlySet<State>;
}

/** Whether cards of this kind make takes or films. */
export const makes = (bench: Workbench, id: string): boolean => bench.can(id, 'generate');

function ofTask(task: Task | undefined): State | undefined {
	if (task?.state === 'failed') return 'failed';
	if (!task || !isActive(task)) return undefined;
	return task.state === 'running' ? 'running' : 'waiting';
}

/** What the studio says of a card's take; that it has none is seen here. */
const said: Partial<Record<string, State>> = { stale: 'stale', locked: 'locked', unknown: 'unknown' };

export function statesOf(bench: Workbench, id: string): Set<State> {
	const { doc, runs } = bench.session;
	const states = new Set<State>();
	const node = bench.node(id);
	if (!node) return states;
	const task = ofTask(runs.ofNode.get(id));
	if (task) states.add(task);
	if (isMuted(doc, node)) states.add('muted');
	const standing = said[bench.session.standing.cards.get(id)?.state ?? ''];
	if (standing) states.add(standing);
	if (makes(bench, id)) {
		if (!runs.takes.get(id)?.length) states.add('no-take');
		else if (!task) states.add('done');
	}
	return states;
}

export const order: readonly State[] = [
	'failed',
	'running',
	'waiting',
	'stale',
	'locked',
	'unknown',
	'no-take',
	'done',
	'muted'
];

/** The state of a card in words, the most pressing first: `running, 42 %`. Empty for a card that only is there. */
export function stateLine(bench: Workbench, id: string): string {
	const { runs } = bench.session;
	const states = statesOf(bench, id);
	const task = runs.ofNode.get(id);
	return order
		.filter((state) => states.has(state))
		.map((state) =>
			task && (state === 'running' || state === 'waiting')
				? stateText(task, runs.ticks.get(task.id))
				: state === 'done'
					? words.takes(runs.takes.get(id)?.length ?? 0)
					: words.states[state]
		)
		.join(', ');
}

export const nameOf = (bench: Workbench, id: string): string =>
	bench.node(id) ? nameIn(bench.catalog, bench.session.doc, id) : '';

export function factsOf(bench: Workbench, id: string): CardFacts | undefined {
	const node = bench.node(id);
	if (!node) return undefined;
	const { data } = node;
	const name = nameOf(bench, id);
	const said = [data.title, data.name, data.prompt, data.text, data.value].filter(
		(text): text is string => typeof text === 'string' && text !== ''
	);
	const number = [data.scene, data.code].filter((part) => typeof part === 'string').join(' ');
	return { id, type: node.type, name, texts: [name, number, ...said], states: statesOf(bench, id) };
}
