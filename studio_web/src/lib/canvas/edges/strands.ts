import type { Card, Deck, Wire } from '../deck.ts';
import { pathOf, type Curve } from './curve.ts';

/**
 * The wires with their lines, as they are drawn. One that lies still keeps its object, so that a drag redraws only what
 * hangs on the dragged card. No framework state; the wire layer holds one.
 */

export interface Strand {
	id: string;
	wire: Wire;
	/** The cards that are seen at its ends. */
	ends: readonly [Card | undefined, Card | undefined];
	line: Curve;
	path: string;
}

const same = (a: Curve, b: Curve) =>
	a.from.x === b.from.x && a.from.y === b.from.y && a.to.x === b.to.x && a.to.y === b.to.y;

export class Strands {
	#before = new Map<string, Strand>();

	of(wires: readonly Wire[], deck: Deck): Strand[] {
		const next = new Map<string, Strand>();
		for (const wire of wires) {
			const had = this.#before.get(wire.id);
			const ends = [deck.seen(wire.source), deck.seen(wire.target)] as const;
			if (
				had?.wire === wire &&
				ends.every((card, at) => card === had.ends[at] && card?.parentId === undefined)
			) {
				next.set(wire.id, had);
				continue;
			}
			const line = deck.line(wire);
			if (!line) continue;
			const still = had?.wire === wire && same(had.line, line);
			next.set(
				wire.id,
				still ? Object.assign(had, { ends }) : { id: wire.id, wire, ends, line, path: pathOf(line) }
			);
		}
		this.#before = next;
		return [...next.values()];
	}
}
