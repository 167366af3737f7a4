import type { DurableEvent, Person } from '../../api/types.ts';
import { announce } from '../../feedback/announce.svelte.ts';
import { toast } from '../../feedback/toast.ts';
import { clashes } from '../../widgets/draft.svelte.ts';
import { editing } from '../../widgets/editing.svelte.ts';
import { same } from '../../project/ops.ts';
import * as words from '#words/presence.ts';
import { idSet } from '../deck.ts';
import { scenesOf } from '../scenes/scenes.svelte.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { editors, fieldOf, summary, whose } from './places.ts';

/**
 * Working with others: tells them where this person is, and tells this person what they did. Fetched once the board is
 * painted. What is drawn of it is in `Others.svelte` and `Avatars.svelte`.
 */

/** A card that somebody has just changed, for the moment in which that is shown. */
export interface Flash {
	readonly id: string;
	readonly name: string;
	readonly colour: string | undefined;
}

const FLASH_MS = 1600;
/** More cards at once are not an edit to look at one by one. */
const MOST_FLASHES = 24;

type Patched = Extract<DurableEvent, { event: 'server:graph_patched' }>;

export class Together {
	flashes = $state.raw<readonly Flash[]>([]);
	readonly #bench: Workbench;
	#known: readonly string[] = [];

	constructor(bench: Workbench) {
		this.#bench = bench;
	}

	/** Starts telling and listening; the answer stops it. */
	start(): () => void {
		const { session, board } = this.#bench;
		const stop = $effect.root(() => {
			$effect(() => session.presence.tell({ selected: board.selected }));
			$effect(() => this.#greet(session.presence.others));
			$effect(() => void (editing.by = editors(session.presence.others)));
		});
		const deaf = session.listen((event) => this.#patched(event));
		const pointed = (event: PointerEvent) => this.#pointed(event);
		const focused = (event: FocusEvent) => {
			const id = event.type === 'focusin' && event.target instanceof Element ? event.target.id : '';
			session.presence.tell({ editing: fieldOf(id, (one) => session.doc.nodes.has(one)) });
		};
		addEventListener('pointermove', pointed, { passive: true });
		addEventListener('focusin', focused);
		addEventListener('focusout', focused);
		clashes.tell = (takeTheirs) => {
			toast.warn(words.clash, { id: 'clash', action: { label: words.takeTheirs, run: takeTheirs } });
		};
		return () => {
			stop();
			deaf();
			clashes.tell = undefined;
			editing.by = editors([]);
			removeEventListener('pointermove', pointed);
			removeEventListener('focusin', focused);
			removeEventListener('focusout', focused);
		};
	}

	/** Brings what somebody points at, or has selected, into sight. */
	jump(person: Person): void {
		const { board, camera } = this.#bench;
		// What lies in a collapsed scene is there.
		const shown = (ids: readonly string[]) =>
			ids.flatMap((id) => (board.card(id) ? [scenesOf(this.#bench).shownFor(id)] : []));
		const there = shown(person.editing ? [person.editing.node_id] : person.selected);
		if (person.cursor)
			camera?.reveal({ x: person.cursor.x - 200, y: person.cursor.y - 150, width: 400, height: 300 }, []);
		else if (there.length) camera?.fit(there);
		else toast.show(words.nowhere(person.name), { id: 'nowhere' });
	}

	#pointed(event: PointerEvent): void {
		const { camera, session } = this.#bench;
		if (!camera || !session.presence.others.length) return;
		const over = event.target instanceof Element && event.target.closest('[data-board]');
		const spot = over ? camera.toBoard({ x: event.clientX, y: event.clientY }) : undefined;
		session.presence.tell({ cursor: spot ? { x: Math.round(spot.x), y: Math.round(spot.y) } : null });
	}

	#greet(others: readonly Person[]): void {
		for (const { id, name } of others) if (!this.#known.includes(id)) announce(words.came(name));
		this.#known = others.map((person) => person.id);
	}

	#patched(event: Patched): void {
		if (this.#bench.session.unsaved) queueMicrotask(() => this.#overwritten(event));
		if (event.op_id?.startsWith('alternate/')) return; // another board, told by itself: nobody's hand is to be seen
		const { added, changed, removed, wires } = summary(event.operations);
		const ids = [...added, ...changed];
		const outside = event.actor === 'outside';
		const person = outside ? undefined : whose(this.#bench.session.presence.others, idSet(ids));
		const name = person?.name ?? (outside ? words.outside : words.somebody);
		this.#flash(ids.map((id) => ({ id, name, colour: person?.colour })));
		if (!outside) return;
		const what = words.outsideWhat(added.size, changed.size, removed.size, wires);
		announce(`${words.outsideChanged}: ${what}`);
		const met = event.contested?.length;
		const look = () => (this.#bench.view.dialog = { kind: 'contested', revision: event.revision });
		toast[met ? 'warn' : 'show'](words.outsideChanged, {
			id: 'outside',
			description: met ? words.met(met) : what,
			duration: 12_000,
			...(met
				? { action: { label: words.look, run: look } }
				: ids.length && { action: { label: words.show, run: () => this.#bench.showAll(ids) } })
		});
	}

	/** What I wrote and the studio has not confirmed comes after theirs, and stands. */
	#overwritten(event: Patched): void {
		const { session } = this.#bench;
		const lost = event.operations.filter(
			(one) =>
				one.op === 'node.set' &&
				session.doc.nodes.has(one.id) &&
				!same(session.doc.nodes.get(one.id)?.data[one.name] ?? null, one.value ?? null)
		);
		if (lost.length) clashes.tell?.(() => void session.edit(lost, { label: words.tookTheirs }));
	}

	#flash(flashes: readonly Flash[]): void {
		if (!flashes.length || flashes.length > MOST_FLASHES) return;
		const ids = idSet(flashes.map((flash) => flash.id));
		this.flashes = [...this.flashes.filter((flash) => !ids.has(flash.id)), ...flashes];
		setTimeout(() => (this.flashes = this.flashes.filter((flash) => !flashes.includes(flash))), FLASH_MS);
	}
}
