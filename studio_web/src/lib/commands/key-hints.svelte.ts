import type { OwnKeys } from './keymap.ts';

/**
 * Which key to show beside a button: the person's own, else the usual one. Small, because it is there from the start;
 * own-keys.ts, fetched with the commands, is the only one that changes it.
 */

export const KEY = 'studio.keys';

class Hints {
	own = $state.raw<OwnKeys>({});

	constructor() {
		try {
			const own: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
			if (typeof own === 'object' && own !== null) this.own = own as OwnKeys;
		} catch {
			// What is not readable is no key; own-keys.ts says so and starts anew.
		}
	}

	of(id: string, usual: string): string {
		const own = this.own[id];
		return Array.isArray(own) ? (own[0]?.label ?? '') : usual;
	}
}

export const hints = new Hints();
