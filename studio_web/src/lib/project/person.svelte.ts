/**
 * Who sits at this browser, as far as the studio needs to know: a name for others to see. Kept in this browser; whoever
 * has not given one yet is a guest with a friendly one.
 */

import { keep, keptFields } from '../ui/kept.ts';

const KEY = 'studio.person';
const LONGEST = 40;

function stored(): string {
	const { name } = keptFields(KEY);
	return (typeof name === 'string' && name.trim().slice(0, LONGEST)) || guest();
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
		keep(KEY, { name: this.#name });
	}
}

export const person = new Person();
