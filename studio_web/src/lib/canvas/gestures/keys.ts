import type { Command, Place } from '../../commands/command.ts';
import type { Spot } from '../edits.ts';
import { late } from '../../feedback/late.ts';
import { WaitingKeys } from './waiting-keys.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { standOn } from './standing.ts';

/**
 * The keyboard of an open project. On the board or a card's frame every command has its key; in a field only those
 * that no field knows, so that a field keeps every key of its own and Backspace on a button deletes nothing.
 *
 * What the keys do comes from the list of commands, which is fetched once the board is painted; keys pressed
 * before that wait for it.
 */

/** A Space held longer than this is a pan, not "play". */
const TAP_MS = 280;

/** What the browser does with a key of its own must not wait for a list. */
const browsers = /^(F\d+|Tab|Control|Shift|Alt|Meta|AltGraph)$/;

/** A letter on a button means nothing to it, so after a click on one the board's letters still work, and `Ctrl+Z`. */
const idle = ({ key, target }: KeyboardEvent): boolean =>
	key.length === 1 &&
	key !== ' ' &&
	document.querySelector('[data-board]') !== null &&
	(target as Element).matches('button, a, summary') &&
	!(target as Element).closest('[role=tree], [role=menu], [role=listbox], [role=dialog]');

/** Runs the command of a key press; false when there is none. `field`: only what also works in a text field. */
type Act = (event: KeyboardEvent, field: boolean) => boolean;

export class BoardKeys {
	readonly #bench: Workbench;
	#act: Act | undefined;
	#spaceAt = 0;
	#dragged = false;
	#byPointer = false;
	#leaving = false;
	#loading: Promise<Act> | undefined;
	readonly #waiting = new WaitingKeys();

	constructor(bench: Workbench) {
		this.#bench = bench;
	}

	/** Fetches the commands. The page calls it after the board is painted. */
	load(): Promise<Act> {
		return (this.#loading ??= this.#fetch());
	}

	async #fetch(): Promise<Act> {
		const [{ boardCommands }, { runOn }, { commandFor }, { ownKeys }] = await late(() =>
			Promise.all([
				import('../../commands/board-commands.ts'),
				import('../../commands/command.ts'),
				import('../../commands/keymap.ts'),
				import('../../commands/own-keys.ts')
			])
		);
		const list = boardCommands(this.#bench);
		const inFields = list.filter((command: Command) => command.anywhere);
		const place: Place = { kind: 'board' };
		return (this.#act = (event, field) => {
			const command = commandFor(field ? inFields : list, event, ownKeys.keys);
			if (!command) return false;
			const reason = runOn(command, place);
			if (reason) this.#bench.refuse(reason);
			return true;
		});
	}

	/**
	 * Whether an event happened on the board or a card's frame, not inside a field or button. A wire that was drawn leaves
	 * the focus on its socket.
	 */
	mine(event: Event): boolean {
		const target = event.target as Element;
		const frame =
			target.matches('[data-board], .svelte-flow__node, .svelte-flow__selection-wrapper, .socket') ||
			target === document.body;
		return frame && !this.#bench.view.busy;
	}

	down(event: KeyboardEvent, board: HTMLElement, end: HTMLElement): void {
		if (!this.mine(event) || event.isComposing) return;
		if (event.key === ' ') {
			// The key stays on its way: held, it pans.
			event.preventDefault();
			if (!event.repeat) this.#spaceAt = performance.now();
			this.#dragged = false;
			return;
		}
		// Tab opens the menu for a hand on the mouse; for someone walking by keyboard it walks on.
		if (event.key === 'Tab' && !this.#byPointer) return this.#passBy(event.shiftKey ? board : end);
		if (event.key.toLowerCase() === 'v' && event.shiftKey && (event.ctrlKey || event.metaKey))
			this.#bench.scissors.keepWires = true;
		this.press(event);
	}

	up(event: KeyboardEvent): void {
		if (event.key !== ' ' || !this.mine(event) || this.#dragged) return;
		if (performance.now() - this.#spaceAt < TAP_MS) this.press(event);
	}

	/**
	 * Keys that work everywhere on the page, also in fields and panels. When nothing has the focus, because what had it
	 * went away, the board has the keys.
	 */
	anywhere(event: KeyboardEvent): void {
		if (event.defaultPrevented || event.isComposing || this.#bench.view.busy) return;
		if (event.target === document.body && event.key !== 'Tab' && document.querySelector('[data-board]')) {
			const { chosen } = this.#bench;
			return event.key === 'Escape' && chosen ? standOn(this.#bench, chosen.id) : this.press(event);
		}
		if (event.ctrlKey || event.metaKey || event.altKey) this.press(event, !idle(event));
		else if (idle(event)) this.press(event);
	}

	/** Runs what a key stands for and keeps it from the browser. */
	press(event: KeyboardEvent, field = false): void {
		if (!this.#act) return void (field || this.#wait(event));
		if (!this.#act(event, field)) return;
		event.preventDefault();
		event.stopPropagation();
	}

	/** The board is one stop of the Tab key: from a card, the browser goes on from the board's own edge. */
	#passBy(edge: HTMLElement): void {
		this.#leaving = true;
		edge.focus({ preventScroll: true });
		setTimeout(() => (this.#leaving = false));
	}

	/** Coming in by Shift+Tab: not into the last card's last field, but onto the board. */
	atEnd(event: FocusEvent, board: HTMLElement): void {
		if (!this.#leaving && !(event.relatedTarget as Element | null)?.closest('.svelte-flow__node'))
			board.focus({ preventScroll: true });
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

	#wait(event: KeyboardEvent): void {
		const control = (event.ctrlKey || event.metaKey) && !event.altKey;
		if (browsers.test(event.key) || (control && /^[cvxrtwnl]$/i.test(event.key))) return;
		event.preventDefault();
		event.stopPropagation();
		this.#waiting.add(event);
		void this.load().then((act) =>
			this.#waiting.replay((key) => {
				if (!this.#bench.view.busy) act(key, false);
			})
		);
	}
}
