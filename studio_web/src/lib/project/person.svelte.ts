/** Who sits at this browser, as far as the studio needs to know: a name for others to see. Kept in this browser. */

const KEY = 'studio.person';
const LONGEST = 40;

function stored(): string {
	try {
		const person: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
		const name = typeof person === 'object' && person !== null && 'name' in person ? person.name : '';
		return typeof name === 'string' ? name : '';
	} catch {
		return '';
	}
}

class Person {
	#name = $state(stored());

	get name(): string {
		return this.#name;
	}

	rename(name: string): void {
		this.#name = name.trim().slice(0, LONGEST);
		try {
			localStorage.setItem(KEY, JSON.stringify({ name: this.#name }));
		} catch {
			// Private windows may refuse: the name then lasts for this page.
		}
	}
}

export const person = new Person();
