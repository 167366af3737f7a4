import { SvelteSet } from 'svelte/reactivity';
import { m } from '../../i18n/messages.ts';
import { resolve } from '../../catalog/resolve.ts';
import { idSet } from '../deck.ts';
import { factsOf, nameOf } from '../finding/facts.ts';
import { asksNothing, matches, type Question } from '../finding/matches.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { rowsOf, typedTo, type Row } from './rows.ts';

/**
 * Where somebody is in the outline, what is open, and what is searched for. Made by the outline; what is open lasts as
 * long as the page.
 */

/** Letters typed within this time make one word. */
const WORD_MS = 700;

const closedScenes = new SvelteSet<string>();
const openCards = new SvelteSet<string>();

export class Tree {
	question = $state.raw<Question>({ text: '', state: '', type: '' });
	at = $state<string>();
	readonly #bench: Workbench;
	#typed = '';
	#typedAt = 0;

	readonly only = $derived.by(() => {
		if (asksNothing(this.question)) return undefined;
		const bench = this.#bench;
		return idSet(
			[...bench.session.doc.nodes.keys()].filter((id) => {
				const facts = factsOf(bench, id);
				return facts !== undefined && matches(facts, this.question);
			})
		);
	});

	readonly rows: Row[] = $derived.by(() => {
		const { session, catalog } = this.#bench;
		const { doc, runs } = session;
		return rowsOf({
			doc,
			takes: runs.takes,
			resolved: (id) => {
				const node = doc.nodes.get(id);
				return node && resolve(doc, node, catalog);
			},
			open: (key, kind) => (kind === 'scene' ? !closedScenes.has(key) : openCards.has(key)),
			only: this.only
		});
	});

	readonly index = $derived(
		Math.max(
			0,
			this.rows.findIndex((row) => row.key === this.at)
		)
	);
	readonly here = $derived(this.rows[this.index]);

	constructor(bench: Workbench) {
		this.#bench = bench;
		this.at = bench.board.selected[0];
	}

	/** Goes to a row; its card becomes the selection, so that every command is about it. */
	go(row: Row | undefined, add = false): void {
		if (!row) return;
		this.at = row.key;
		const { board } = this.#bench;
		if (add) {
			const rest = board.selected.filter((id) => id !== row.node);
			board.select(rest.length === board.selected.length ? [...rest, row.node] : rest);
		} else if (board.selected.length !== 1 || board.selected[0] !== row.node) board.select([row.node]);
	}

	step(by: number): void {
		this.go(this.rows[Math.min(Math.max(this.index + by, 0), this.rows.length - 1)]);
	}

	set(row: Row, open: boolean): void {
		if (row.kind === 'scene') {
			if (open) closedScenes.delete(row.key);
			else closedScenes.add(row.key);
		} else if (open) openCards.add(row.key);
		else openCards.delete(row.key);
	}

	/** Right opens, then goes in; left closes, then goes out. */
	inward(): void {
		const row = this.here;
		if (row?.open === false) this.set(row, true);
		else if (row?.open) this.step(1);
	}

	outward(): void {
		const row = this.here;
		if (row?.open && this.only === undefined) this.set(row, false);
		else if (row?.parent !== undefined) this.go(this.rows.find((one) => one.key === row.parent));
	}

	type(letter: string, now: number): void {
		this.#typed = now - this.#typedAt < WORD_MS ? this.#typed + letter : letter;
		this.#typedAt = now;
		const names = this.rows.map((row) =>
			row.kind === 'input'
				? row.label
				: row.kind === 'take'
					? m.shot.takeName(row.take.version, row.take.number)
					: nameOf(this.#bench, row.node)
		);
		const found = typedTo(names, this.index, this.#typed);
		if (found !== undefined) this.go(this.rows[found]);
	}
}
