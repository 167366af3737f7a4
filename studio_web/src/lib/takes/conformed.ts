import type { Take } from '../api/types.ts';

/** Of which take a take has the pictures at another frame rate; an earlier studio said so in the recipe only. */
export const conformedOf = (take: Pick<Take, 'conformed' | 'recipe'>) =>
	take.conformed ?? take.recipe?.conformed ?? undefined;
