import type { Operation, Person } from '../../api/types.ts';
import { nodesOf } from '../../project/ops.ts';
import type { Box, Spot } from '../edits.ts';
import { holds } from '../lens.ts';

/** Where people are and what an edit touched, as plain values. Pure. */

/** The initials on an avatar: `AN` for Ana Nowak, `A` for Ana. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/).filter(Boolean);
	const first = words[0]?.at(0) ?? '?';
	const last = words.length > 1 ? (words.at(-1)?.at(0) ?? '') : '';
	return (first + last).toUpperCase();
}

/** Black or white, whichever is read better on a colour. */
export function inkOn(colour: string): string {
	const part = (at: number) => parseInt(colour.slice(at, at + 2), 16) / 255;
	const light = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
	const luminance = 0.2126 * light(part(1)) + 0.7152 * light(part(3)) + 0.0722 * light(part(5));
	return luminance > 0.179 ? '#000000' : '#ffffff';
}

/** Fields carry their card and name in their id: `n_1-prompt` on the card, `i-n_1-prompt` in the inspector. */
export function fieldOf(
	id: string,
	isCard: (id: string) => boolean
): { node_id: string; field: string } | null {
	for (const whole of [id.replace(/^i-/, ''), id])
		for (let at = whole.indexOf('-'); at > 0; at = whole.indexOf('-', at + 1)) {
			const [node_id, field] = [whole.slice(0, at), whole.slice(at + 1)];
			if (field && isCard(node_id)) return { node_id, field };
		}
	return null;
}

/** Who edits which field, by the ids that the field has on the card and in the inspector. */
export function editors(people: readonly Person[]): ReadonlyMap<string, Person> {
	const found = new Map<string, Person>();
	for (const person of people) {
		if (!person.editing) continue;
		const id = `${person.editing.node_id}-${person.editing.field}`;
		found.set(id, person).set(`i-${id}`, person);
	}
	return found;
}

/** Whose edit it probably was: who edits or holds one of its cards, else the only other person there is. */
export function whose(people: readonly Person[], ids: ReadonlySet<string>): Person | undefined {
	const by = (holds: (person: Person) => boolean) => people.find(holds);
	return (
		by((person) => !!person.editing && ids.has(person.editing.node_id)) ??
		by((person) => person.selected.some((id) => ids.has(id))) ??
		(people.length === 1 ? people[0] : undefined)
	);
}

/** What somebody holds, by the card that is drawn for it: a collapsed scene stands for all that lies in it. */
export interface Held {
	person: Person;
	/** The card on which it shows. */
	id: string;
	/** How many of that person's cards a collapsed scene stands for; none where it is the card itself. */
	inside: number;
	/** They write in a field of a card that is not drawn. */
	writes: boolean;
}

export function heldBy(people: readonly Person[], shownFor: (id: string) => string): Held[] {
	return people.flatMap((person) => {
		const cards = new Map<string, Held>();
		const edited = person.editing?.node_id;
		for (const one of new Set([...person.selected, ...(edited === undefined ? [] : [edited])])) {
			const id = shownFor(one);
			if (id === one && !person.selected.includes(one)) continue;
			const held = cards.get(id) ?? { person, id, inside: 0, writes: false };
			cards.set(id, {
				...held,
				inside: held.inside + Number(id !== one),
				writes: held.writes || (id !== one && one === edited)
			});
		}
		return [...cards.values()];
	});
}

/** A collapsed scene: where it is drawn, and what it takes up for those who see it open. */
export interface Folded {
	box: Box;
	room: Box;
}

/** Where a pointer is shown. One in a scene that is open for its person and collapsed here points at the collapsed one. */
export function pointerAt(cursor: Spot, folded: readonly Folded[], covered: (spot: Spot) => boolean): Spot {
	const scene = folded.find(({ room }) => holds(room, cursor));
	if (!scene || holds(scene.box, cursor) || covered(cursor)) return cursor;
	const { x, y, width, height } = scene.box;
	return { x: Math.min(cursor.x, x + width), y: Math.min(cursor.y, y + height) };
}

/** What a batch did to cards, for a sentence and for showing them. */
export function summary(operations: readonly Operation[]) {
	const added = new Set<string>();
	const removed = new Set<string>();
	const changed = new Set<string>();
	let wires = 0;
	for (const one of operations) {
		const [id = ''] = nodesOf(one);
		if (one.op === 'node.add') added.add(id);
		else if (one.op === 'node.remove') removed.add(id);
		else if (one.op === 'edge.add' || one.op === 'edge.remove') wires++;
		else changed.add(id);
	}
	for (const id of added) changed.delete(id);
	return { added, removed, changed, wires };
}
