import type { FieldSpec } from '../api/types.ts';

/** What every widget is given: the field as the catalogue describes it, its value, and where a new value goes. */
export interface WidgetProps {
	id: string;
	spec: FieldSpec;
	value: unknown;
	onchange: (value: unknown) => void;
}

/** A number kept inside the field's bounds; undefined for what is no number. */
export function bounded(spec: FieldSpec, value: number): number | undefined {
	if (!Number.isFinite(value)) return undefined;
	return Math.min(Math.max(value, spec.min ?? -Infinity), spec.max ?? Infinity);
}

/** How a value reads, with its unit: `4 s`. */
export function readable(spec: FieldSpec, value: unknown): string {
	const choice = spec.choices?.find((one) => one.value === value);
	if (choice) return choice.label;
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
	return spec.unit ? `${text} ${spec.unit}` : text;
}
