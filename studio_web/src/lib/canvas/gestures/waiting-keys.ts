import { m } from '../../i18n/messages.ts';
import { toast } from '../../feedback/toast.ts';

/**
 * Keys pressed before there are commands for them. They are carried out in their order when the commands are here, unless
 * the person has turned to something else meanwhile or has waited so long that they would come as a surprise. What
 * takes longer than a moment is said.
 */

const SAID_AFTER_MS = 1000;
const KEPT_MS = 15_000;
const ID = 'keys';

export class WaitingKeys {
	#keys: { event: KeyboardEvent; at: number }[] = [];
	#saying: ReturnType<typeof setTimeout> | undefined;

	add(event: KeyboardEvent): void {
		if (!this.#keys.length) {
			addEventListener('pointerdown', this.#turn, true);
			addEventListener('focusin', this.#turn, true);
			this.#saying ??= setTimeout(() => toast.warn(m.shell.keysWait, { id: ID, duration: 0 }), SAID_AFTER_MS);
		}
		this.#keys.push({ event, at: performance.now() });
	}

	replay(act: (event: KeyboardEvent) => void): void {
		const now = performance.now();
		const keys = this.#keys.filter(({ at }) => now - at < KEPT_MS);
		this.#turn();
		clearTimeout(this.#saying);
		this.#saying = undefined;
		toast.dismiss(ID);
		for (const { event } of keys) act(event);
	}

	/** What was meant for the place where the person was is not done elsewhere. */
	readonly #turn = (): void => {
		this.#keys = [];
		removeEventListener('pointerdown', this.#turn, true);
		removeEventListener('focusin', this.#turn, true);
	};
}
