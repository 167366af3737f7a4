import { keptFields } from '../ui/kept.ts';
import type { OwnKeys } from './keymap.ts';

/**
 * Which key to show beside a button: the person's own, else the usual one. Small, because it is there from the start;
 * own-keys.ts, fetched with the commands, is the only one that changes it.
 */

export const KEY = 'studio.keys';

class Hints {
	/** What is not readable is no key; own-keys.ts checks the rest. */
	own = $state.raw<OwnKeys>(keptFields(KEY) as OwnKeys);

	of(id: string, usual: string): string {
		const own = this.own[id];
		return Array.isArray(own) ? (own[0]?.label ?? '') : usual;
	}
}

export const hints = new Hints();
