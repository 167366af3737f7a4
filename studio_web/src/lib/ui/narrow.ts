import { MediaQuery } from 'svelte/reactivity';

/** A phone held upright: no room for a board and what stands around it. */
export const narrow = new MediaQuery('(max-width: 599px)');
