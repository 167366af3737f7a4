/** The chosen theme, kept in this browser. `static/theme.js` applies it before the first paint; this one afterwards. */
import { MediaQuery } from 'svelte/reactivity';

export type Theme = 'dark' | 'light' | 'system';

const KEY = 'studio.theme';

function stored(): Theme {
	try {
		const value = localStorage.getItem(KEY);
		return value === 'light' || value === 'system' ? value : 'dark';
	} catch {
		return 'dark';
	}
}

class ThemeChoice {
	#choice = $state<Theme>(stored());
	#outsideIsLight = new MediaQuery('(prefers-color-scheme: light)');

	get choice(): Theme {
		return this.#choice;
	}

	/** What is on screen. */
	get shown(): 'dark' | 'light' {
		if (this.#choice === 'system') return this.#outsideIsLight.current ? 'light' : 'dark';
		return this.#choice;
	}

	choose(theme: Theme): void {
		this.#choice = theme;
		try {
			localStorage.setItem(KEY, theme);
		} catch {
			// Private windows may refuse: the choice then lasts for this page.
		}
	}
}

export const theme = new ThemeChoice();
