/** What fingers do on the board beyond what Svelte Flow knows: fetched in one piece, once there is time. */
export { longPress } from './long-press.ts';
export { pinch } from './pinch.ts';
