import { onDestroy } from 'svelte';

/**
 * What is being typed, until it is handed on: after a pause, when the field is left, or when its card goes out of
 * sight. While a field has the focus a change from elsewhere does not pull the words from under the person.
 */
export class Draft<T> {
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
		return this.#own ? this.#own.value : this.#given();
	}

	write(value: T, waitMs = 350): void {
		this.#own = { value };
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#commit(), waitMs);
	}

	enter(): void {
		this.#focused = true;
		this.#own = { value: this.#given() };
	}

	leave(): void {
		this.#focused = false;
		this.#commit();
		this.#own = undefined;
	}

	/** Drops what was typed and was not handed on yet. */
	forget(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#own = undefined;
	}

	#commit(): void {
		if (this.#timer === undefined) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#own) this.#hand(this.#own.value);
		if (!this.#focused) this.#own = undefined;
	}
}
