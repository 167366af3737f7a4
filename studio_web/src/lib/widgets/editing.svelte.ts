import type { Person } from '../api/types.ts';

/** Who else writes in which field, by the field's id. Set by what is told of the others; read by every field. */
class Editing {
	by = $state.raw<ReadonlyMap<string, Person>>(new Map());
}

export const editing = new Editing();
