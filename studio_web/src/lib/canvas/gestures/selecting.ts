import { OWN } from './wire-hand.ts';

/** A click, without a move, on one of several chosen cards means that card alone; on a button or field of it, not. */
export const meansOnly = (event: MouseEvent | TouchEvent, chosen: number): boolean =>
	chosen > 1 &&
	!(event.shiftKey || event.ctrlKey || event.metaKey) &&
	(event.target as Element).closest(OWN) === null;
