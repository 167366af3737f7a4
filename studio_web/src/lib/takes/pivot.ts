import type { Take } from '../api/types.ts';
import { same } from '../project/ops.ts';

/** Takes as a table by what went into them: which settings vary, and which takes lie where. Pure. */

export interface Varying {
	/** `seed`, `pipeline`, `quality`, or the name of a parameter. */
	name: string;
	/** In the order they are read: numbers by size, everything else as it first came. */
	values: readonly unknown[];
}

/** What a take was made with, under one name. */
export function madeWith(take: Take, name: string): unknown {
	const { recipe } = take;
	if (!recipe) return null;
	if (name === 'seed') return recipe.seed;
	if (name === 'pipeline') return `${recipe.pipeline} ${recipe.pipeline_version}`;
	if (name === 'quality') return recipe.quality;
	return recipe.params[name] ?? null;
}

/** The settings in which takes differ, those with the fewest values first, the seed last. */
export function varying(takes: readonly Take[]): Varying[] {
	const names = new Set(['pipeline', 'quality', 'seed']);
	for (const take of takes) for (const name of Object.keys(take.recipe?.params ?? {})) names.add(name);
	return [...names]
		.map((name) => ({ name, values: valuesOf(takes, name) }))
		.filter((one) => one.values.length > 1)
		.sort((a, b) => rank(a) - rank(b));
}

const rank = (one: Varying) => (one.name === 'seed' ? 1e6 : one.values.length);

function valuesOf(takes: readonly Take[], name: string): unknown[] {
	const values: unknown[] = [];
	for (const take of takes) {
		const value = madeWith(take, name);
		if (!values.some((known) => same(known, value))) values.push(value);
	}
	return values.every((value) => typeof value === 'number')
		? values.sort((a, b) => Number(a) - Number(b))
		: values;
}

export interface Table {
	columns: readonly unknown[];
	rows: readonly { value: unknown; cells: readonly (readonly Take[])[] }[];
}

/** The table for two settings; without one, there is a single row or column. */
export function table(takes: readonly Take[], row: string | undefined, column: string | undefined): Table {
	const rows = row === undefined ? [undefined] : valuesOf(takes, row);
	const columns = column === undefined ? [undefined] : valuesOf(takes, column);
	const lies = (take: Take, name: string | undefined, value: unknown) =>
		name === undefined || same(madeWith(take, name), value);
	return {
		columns,
		rows: rows.map((value) => ({
			value,
			cells: columns.map((other) =>
				takes.filter((take) => lies(take, row, value) && lies(take, column, other))
			)
		}))
	};
}
