import { isErrorBody } from '../api/client.ts';
import type { Here, Person } from '../api/types.ts';
import type { Line } from './line.ts';
import { person } from './person.svelte.ts';

/**
 * Who else is in the project, and what they are told of this page's person.
 *
 * Made by the session, fed by the line. Nothing of it is kept; while the line is down it is silent.
 */

const EVERY_MS = 50;
/** More are not told: a selection of half the board says nothing. */
const MOST_SELECTED = 50;

export class Presence {
	/** Everybody else, in the order in which they came. */
	others = $state.raw<readonly Person[]>([]);
	/** This person's colour, once the studio has given one. */
	colour = $state<string | undefined>();

	#line: Line;
	#own: string | undefined;
	#here: Omit<Here, 'name'> = { cursor: null, editing: null, selected: [] };
	#said = '';
	#live = false;
	#next: ReturnType<typeof setTimeout> | undefined;

	/** What others call this page's person. */
	get name(): string {
		return person.name;
	}

	constructor(line: Line) {
		this.#line = line;
		line.on('server:presence', ({ people }: { people: Person[] }) => {
			this.others = people.filter((person) => person.id !== this.#own);
		});
	}

	/** Tells the others where this person is; what is left out stays as it was. */
	tell(change: Partial<Omit<Here, 'name'>>): void {
		this.#here = { ...this.#here, ...change };
		this.#soon();
	}

	rename(name: string): void {
		person.rename(name);
		this.#soon();
	}

	/** The line is up: says hello, and learns which of the people this one is. */
	async up(): Promise<void> {
		if (this.#live) return;
		const now = this.#now();
		// Without an answer the line is broken, which the session finds out by itself and calls again.
		const answer = await this.#line.send('client:presence', now).catch(() => undefined);
		if (!answer || isErrorBody(answer)) return;
		this.#said = JSON.stringify(now);
		const { id, colour } = answer as { id: string; colour: string };
		this.#own = id;
		this.colour = colour;
		this.others = this.others.filter((person) => person.id !== id);
		this.#live = true;
		this.#soon();
	}

	down(): void {
		this.#live = false;
		this.others = [];
		clearTimeout(this.#next);
		this.#next = undefined;
	}

	#soon(): void {
		if (!this.#live || this.#next !== undefined) return;
		this.#next = setTimeout(() => {
			this.#next = undefined;
			const now = this.#now();
			const text = JSON.stringify(now);
			if (text === this.#said || !this.#live) return;
			this.#said = text;
			this.#line.tell('client:presence', now);
		}, EVERY_MS);
	}

	#now(): Here {
		return { ...this.#here, name: person.name, selected: this.#here.selected.slice(0, MOST_SELECTED) };
	}
}
