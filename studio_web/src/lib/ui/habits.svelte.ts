/** How this person works a board, kept in this browser: what the wheel and the left button do, and the grid. */

import { keep, keptFields } from './kept.ts';

const KEY = 'studio.habits';

export interface Choices {
	/** `auto` tells a wheel from a trackpad by how it reports. */
	wheel: 'auto' | 'zoom' | 'pan';
	/** What dragging with the left button on the empty board does. */
	drag: 'box' | 'hand';
	snap: boolean;
}

const usual: Choices = { wheel: 'auto', drag: 'box', snap: false };

class Habits {
	#choices = $state.raw<Choices>({ ...usual, ...(keptFields(KEY) as Partial<Choices>) });

	get wheel(): Choices['wheel'] {
		return this.#choices.wheel;
	}

	get drag(): Choices['drag'] {
		return this.#choices.drag;
	}

	get snap(): boolean {
		return this.#choices.snap;
	}

	choose(change: Partial<Choices>): void {
		this.#choices = { ...this.#choices, ...change };
		keep(KEY, this.#choices);
	}
}

export const habits = new Habits();
