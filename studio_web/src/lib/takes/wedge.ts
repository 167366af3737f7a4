import type { FieldSpec, PipelineType, Take } from '../api/types.ts';
import { conformedOf } from './conformed.ts';
import { isFileSocket } from './given.ts';

/**
 * A sweep over one or two settings of a card: which values, how many takes, how long. Pure; the dialog asks, the studio
 * makes each take with its values as overrides.
 */

/** More is a render farm's business, not a look at variants. */
export const MOST_TAKES = 64;
export const SEED_MAX = 2 ** 32 - 1;

export type Value = string | number | boolean;

export interface Axis {
	field: string;
	values: readonly Value[];
}

/** One set of overrides for each take: every value of the first axis with every one of the second. */
export function combinations(
	axes: readonly Axis[],
	always: Record<string, Value> = {}
): Record<string, Value>[] {
	return axes.reduce<Record<string, Value>[]>(
		(made, { field, values }) => made.flatMap((one) => values.map((value) => ({ ...one, [field]: value }))),
		[{ ...always }]
	);
}

export type Parsed = { values: Value[]; wrong?: undefined } | { values: Value[]; wrong: string };

export interface Complaints {
	notANumber: (text: string) => string;
	whole: (text: string) => string;
	tooLow: (text: string, min: number) => string;
	tooHigh: (text: string, max: number) => string;
	tooLong: (max: number) => string;
}

/** Numbers as people list them: `1, 2.5 4`; out of bounds is said, twice the same counts once. */
export function numbersIn(
	text: string,
	spec: Pick<FieldSpec, 'min' | 'max' | 'type' | 'name'>,
	say: Complaints
): Parsed {
	const words = text.split(/[\s,;]+/).filter(Boolean);
	const whole = spec.type === 'Integer' || spec.name === 'seed';
	const min = spec.name === 'seed' ? 0 : spec.min;
	const max = spec.name === 'seed' ? SEED_MAX : spec.max;
	const values: number[] = [];
	for (const word of words) {
		const value = Number(word);
		if (!Number.isFinite(value)) return { values: [], wrong: say.notANumber(word) };
		if (whole && !Number.isInteger(value)) return { values: [], wrong: say.whole(word) };
		if (min !== null && min !== undefined && value < min) return { values: [], wrong: say.tooLow(word, min) };
		if (max !== null && max !== undefined && value > max)
			return { values: [], wrong: say.tooHigh(word, max) };
		values.push(value);
	}
	return { values: [...new Set(values)] };
}

/** Text variants, one a line; empty lines are none. */
export function linesIn(text: string, spec: Pick<FieldSpec, 'max_length'>, say: Complaints): Parsed {
	const lines = [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean);
	const most = spec.max_length ?? 20_000;
	return lines.some((line) => line.length > most)
		? { values: [], wrong: say.tooLong(most) }
		: { values: lines };
}

/** Seeds nobody has to think of. */
export const freshSeeds = (count: number): number[] => [...crypto.getRandomValues(new Uint32Array(count))];

/** Seconds a take takes: the middle of what takes of that pipeline and quality took; undefined while none did. */
export function usualSeconds(
	takes: Iterable<Take>,
	pipeline: string,
	quality: string | undefined
): number | undefined {
	const took = [...takes]
		.filter((take) => take.recipe?.pipeline === pipeline && take.elapsed_s !== null)
		.filter((take) => !conformedOf(take))
		.filter((take) => quality === undefined || take.recipe?.quality_requested === quality)
		.map((take) => take.elapsed_s ?? 0)
		.sort((a, b) => a - b);
	return took.length ? took[Math.floor(took.length / 2)] : undefined;
}

export interface Misfit {
	unavailable: (title: string, why: string) => string;
	noSetting: (title: string, setting: string) => string;
	outside: (title: string, setting: string, value: string) => string;
	notOffered: (title: string, setting: string, value: string) => string;
	needsWire: (title: string, socket: string) => string;
}

/** Why a pipeline cannot make takes of this card for a sweep against another setting; undefined where it can. */
export function whyNotWith(
	pipeline: PipelineType,
	against: { field: Pick<FieldSpec, 'name' | 'label'>; values: readonly Value[] } | undefined,
	wired: ReadonlySet<string>,
	say: Misfit
): string | undefined {
	const { title } = pipeline;
	if (!pipeline.available) return say.unavailable(title, pipeline.unavailable_reason);
	const empty = pipeline.inputs.find(
		(socket) => socket.required && isFileSocket(socket.type) && !wired.has(socket.name)
	);
	if (empty) return say.needsWire(title, empty.label);
	if (!against || against.field.name === 'seed') return undefined;
	const own = pipeline.fields.find((field) => field.name === against.field.name);
	if (!own) return say.noSetting(title, against.field.label);
	const { choices, min, max } = own;
	for (const value of against.values) {
		if (choices.length && !choices.some((choice) => choice.value === value))
			return say.notOffered(title, own.label, String(value));
		if (typeof value === 'number' && ((min ?? value) > value || (max ?? value) < value))
			return say.outside(title, own.label, String(value));
	}
	return undefined;
}
