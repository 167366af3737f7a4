import type { Card, Deck, Wire } from '../deck.ts';
import { boxOf, type Curve } from '../edges/curve.ts';
import type { Box } from '../edits.ts';

/** The wires of the overview: where each runs and how it looks. Pure; untouched ones keep their object. */

export interface Line {
	curve: Curve;
	/** Holds the whole curve. */
	box: Box;
	carries: string;
	broken: boolean;
	dim: boolean;
}

interface Cut {
	wire: Wire;
	from: Card | undefined;
	to: Card | undefined;
	line: Line | undefined;
}

export class Lines {
	/** Where the board looks otherwise than the last time. */
	changed: Box[] = [];
	#cut = new Map<string, Cut>();

	of(wires: readonly Wire[], deck: Deck): Line[] {
		const before = this.#cut;
		this.#cut = new Map();
		this.changed = [];
		const lines: Line[] = [];
		for (const wire of wires) {
			const had = before.get(wire.id);
			before.delete(wire.id);
			const [from, to] = [deck.card(wire.source), deck.card(wire.target)];
			// A card in a scene is moved by its scene and hidden by it, and is the same card still.
			const held = from?.parentId !== undefined || to?.parentId !== undefined;
			const same = !held && had?.wire === wire && had.from === from && had.to === to;
			const line = same ? had.line : lineOf(wire, deck, had?.line);
			if (line) lines.push(line);
			if (line !== had?.line) this.#note(had?.line, line);
			this.#cut.set(wire.id, same ? had : { wire, from, to, line });
		}
		for (const { line } of before.values()) this.#note(line);
		return lines;
	}

	#note(...lines: (Line | undefined)[]): void {
		for (const line of lines) if (line) this.changed.push(line.box);
	}
}

function lineOf(wire: Wire, deck: Deck, had: Line | undefined): Line | undefined {
	const curve = deck.line(wire);
	if (!curve) return undefined;
	const { carries = '', broken = false, dim = false } = wire.data ?? {};
	const same =
		had?.carries === carries &&
		had.broken === broken &&
		had.dim === dim &&
		had.curve.from.x === curve.from.x &&
		had.curve.from.y === curve.from.y &&
		had.curve.to.x === curve.to.x &&
		had.curve.to.y === curve.to.y;
	return same ? had : { curve, box: boxOf(curve), carries, broken, dim };
}
