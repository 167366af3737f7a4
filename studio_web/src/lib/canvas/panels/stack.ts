import { getContext, setContext } from 'svelte';

/** A panel that is shown inside another one fills it, and is closed by it instead of by the view, or not at all. */
export interface Stack {
	close?: () => void;
}

const KEY = Symbol('stack');

export const setStack = (stack: Stack): Stack => setContext(KEY, stack);
export const findStack = (): Stack | undefined => getContext<Stack | undefined>(KEY);
