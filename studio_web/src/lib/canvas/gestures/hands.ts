/** What pointers and fingers do on the board beyond what Svelte Flow knows: fetched in one piece, after the first picture. */
export { fingers } from './fingers.ts';
export { WireHand } from './wire-hand.ts';
export { noMarking } from './marking.ts';
