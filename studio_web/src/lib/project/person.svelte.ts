/**
 * Who sits at this browser, as far as the studio needs to know: a name for others to see. Kept in this browser; whoever
 * has not given one yet is a guest with a friendly one.
 */

const KEY = 'studio.person';
const LONGEST = 40;

function stored(): string {
	try {
		const person: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
		const name = typeof person === 'object' && person !== null && 'name' in person ? person.name : '';
		return (typeof name === 'string' && name.trim().slice(0, LONGEST)) || guest();
	} catch {
		return guest();
	}
}

const guests = ['Otter', 'Heron', 'Fox', 'Lynx', 'Robin', 'Marten', 'Swift', 'Hare', 'Owl', 'Seal', 'Wren'];
const guest = () => `Guest ${guests[Math.floor(Math.random() * guests.length)]}`;

class Person {
	#name = $state(stored());

	get name(): string {
		return this.#name;
	}

	constructor() {
		this.rename(this.#name);
	}

	rename(name: string): void {
		this.#name = name.trim().slice(0, LONGEST) || guest();
		try {
			localStorage.setItem(KEY, JSON.stringify({ name: this.#name }));
		} catch {
			// Private windows may refuse: the name then lasts for this page.
		}
	}
}

export const person = new Person();
