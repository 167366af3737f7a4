import { count } from './count.ts';

export const people = 'People in this project';
export const jumpTo = (name: string) => `${name}: show where they are`;
export const nowhere = (name: string) => `${name} is not pointing at anything`;
export const you = (name: string) => `You are ${name}. Change your name`;
export const edits = (name: string, field: string) => `${name} edits this ${field}`;
/** On a card: who holds it; on a collapsed scene, how many of its cards, and whether they write in one. */
export const holds = (name: string, inside: number, writes: boolean) =>
	writes ? `${name} writes in here` : inside ? `${name}: ${inside} in here` : name;
export const somebody = 'Somebody';
export const outside = 'Changed outside';
export const came = (name: string) => `${name} is here`;
export const left = (name: string) => `${name} has left`;
export const clash = 'Someone changed this field while you typed. Your words are in it now.';
export const tookTheirs = 'Theirs taken';
export const takeTheirs = 'Take theirs';
export const show = 'Show';
export const showIt = 'Show it';
const parts = (added: number, changed: number, removed: number, cards: (n: number) => string) =>
	[
		added && `${cards(added)} added`,
		changed && `${cards(changed)} changed`,
		removed && `${cards(removed)} removed`
	].filter(Boolean);
export const outsideChanged = 'The canvas file was changed outside the studio';
export const met = (n: number) =>
	`${count(n, 'place was', 'places were')} changed here too; what came is on the board.`;
export const look = 'Look';
export const outsideWhat = (added: number, changed: number, removed: number, wires: number) =>
	[
		...parts(added, changed, removed, (n) => count(n, 'card', 'cards')),
		wires && `${count(wires, 'wire', 'wires')} changed`
	]
		.filter(Boolean)
		.join(', ');
export const nameTitle = 'Your name';
export const nameText = 'Others in the project see it at your pointer and at what you edit.';
export const nameLabel = 'Name';
export const nameSave = 'Use this name';
