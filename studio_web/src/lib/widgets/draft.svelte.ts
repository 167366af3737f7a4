import { onDestroy } from 'svelte';

/**
 * What is being typed, until it is handed on: after a pause, when the field is left, or when its card goes out of
 * sight. While a field has the focus a change from elsewhere does not pull the words from under the person.
 */
export class Draft<T> {
	/** The value that is written over, as this person saw it when they began. */
	#base: { value: T } | undefined;
	/** Something is typed that was not handed on yet. */
	#dirty = false;
	#own = $state.raw<{ value: T } | undefined>();
	#given: () => T;
	#hand: (value: T) => void;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#focused = false;

	constructor(given: () => T, hand: (value: T) => void) {
		this.#given = given;
		this.#hand = hand;
		onDestroy(() => this.leave());
	}

	get value(): T {
		// Handed on already, and changed by somebody else since: theirs is what there is.
		const passed = this.#base !== undefined && !this.#dirty && this.#given() !== this.#base.value;
		return this.#own && !passed ? this.#own.value : this.#given();
	}

	write(value: T, waitMs = 350): void {
		this.#base ??= { value: this.#given() };
		this.#dirty = true;
		this.#own = { value };
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#commit(), waitMs);
	}

	enter(): void {
		this.#focused = true;
	}

	leave(): void {
		this.#focused = false;
		this.#commit();
		this.#own = undefined;
		this.#base = undefined;
	}

	/** Drops what was typed and was not handed on yet. */
	forget(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#own = this.#base = undefined;
		this.#dirty = false;
	}

	#commit(): void {
		if (this.#timer === undefined) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#own) this.#give(this.#own.value);
		if (!this.#focused) this.#own = this.#base = undefined;
	}

	/** Mine wins, as the later one; that somebody else wrote there meanwhile is said. */
	#give(mine: T): void {
		const theirs = this.#given();
		const clash = this.#base !== undefined && theirs !== this.#base.value && theirs !== mine;
		this.#hand(mine);
		this.#dirty = false;
		this.#base = { value: this.#given() };
		if (clash)
			clashes.tell?.(() => {
				this.forget();
				this.#hand(theirs);
			});
	}
}

/** Whom to tell that words were written over somebody else's; the answer to give is to take theirs. */
export const clashes: { tell: ((takeTheirs: () => void) => void) | undefined } = { tell: undefined };
