import { runOn, type Command } from '../../commands/command.ts';
import { commandFor } from '../../commands/keymap.ts';
import type { Spot } from '../edits.ts';
import type { Workbench } from '../workbench.svelte.ts';

/**
 * The board's keyboard: acts only while the focus is on the board itself or on a card's frame, so that a field
 * inside a card keeps every key, and Backspace on a button deletes nothing.
 *
 * What the keys do comes from the list of commands, which is fetched once the board is painted; a key pressed
 * before that waits for it.
 */

/** A Space held longer than this is a pan, not "play". */
const TAP_MS = 280;

/** What the browser does with a key of its own must not wait for a list. */
const browsers = /^(F\d+|Tab|Control|Shift|Alt|Meta|AltGraph)$/;

export class BoardKeys {
	readonly #bench: Workbench;
	#list: readonly Command[] | undefined;
	#spaceAt = 0;
	#dragged = false;
	#byPointer = false;

	constructor(bench: Workbench) {
		this.#bench = bench;
	}

	/** Fetches the commands. The board calls it after it is painted. */
	async load(): Promise<readonly Command[]> {
		const { boardCommands } = await import('../../commands/board-commands.ts');
		return (this.#list = boardCommands(this.#bench));
	}

	/** Whether an event happened on the board or a card's frame, not inside a field or button. */
	mine(event: Event): boolean {
		const target = event.target as Element;
		const frame =
			target.matches('[data-board], .svelte-flow__node, .svelte-flow__selection-wrapper') ||
			target === document.body;
		return frame && !this.#bench.view.busy;
	}

	down(event: KeyboardEvent): void {
		if (!this.mine(event) || event.isComposing) return;
		if (event.key === ' ') {
			// The key stays on its way: held, it pans.
			event.preventDefault();
			if (!event.repeat) this.#spaceAt = performance.now();
			this.#dragged = false;
			return;
		}
		// Tab opens the menu for a hand on the mouse; for someone walking by keyboard it walks on.
		if (event.key === 'Tab' && !this.#byPointer) return;
		this.#act(event);
	}

	up(event: KeyboardEvent): void {
		if (event.key !== ' ' || !this.mine(event) || this.#dragged) return;
		if (performance.now() - this.#spaceAt < TAP_MS) this.#act(event);
	}

	/** A press on the empty board or a card gives the keys to the board. */
	pointerDown(event: PointerEvent, board: HTMLElement): void {
		this.#dragged = true;
		this.#byPointer = true;
		const target = event.target as Element;
		if (target.closest('.svelte-flow__pane') && !target.closest('.svelte-flow__node'))
			board.focus({ preventScroll: true });
		board.addEventListener('focusout', () => (this.#byPointer = false), { once: true });
	}

	/** Where a paste lands: under the pointer, else in the middle of what is in sight. */
	pasteSpot(): Spot {
		const { camera, pointer } = this.#bench;
		if (!camera) return { x: 0, y: 0 };
		return pointer ? camera.toBoard(pointer) : camera.middle();
	}

	#act(event: KeyboardEvent): void {
		if (!this.#list) return this.#wait(event);
		const command = commandFor(this.#list, event);
		if (!command) return;
		event.preventDefault();
		event.stopPropagation();
		const reason = runOn(command, { kind: 'board' });
		if (reason) this.#bench.refuse(reason);
	}

	#wait(event: KeyboardEvent): void {
		if (browsers.test(event.key) || ((event.ctrlKey || event.metaKey) && /^[cvxrtwnl]$/i.test(event.key)))
			return;
		event.preventDefault();
		event.stopPropagation();
		void this.load().then((list) => {
			const command = commandFor(list, event);
			if (command) runOn(command, { kind: 'board' });
		});
	}
}
