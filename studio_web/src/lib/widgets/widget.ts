import type { FieldSpec, WidgetName } from '../api/types.ts';

/** What every widget is given: the field as the catalogue describes it, its value, and where a new value goes. */
export interface WidgetProps {
	id: string;
	spec: FieldSpec;
	value: unknown;
	onchange: (value: unknown) => void;
}

/** A field that the page itself puts beside those of the catalogue. */
export const ownField = (
	name: string,
	label: string,
	widget: WidgetName,
	more: Partial<FieldSpec> = {}
): FieldSpec => ({
	name,
	label,
	type: 'String',
	widget,
	default: null,
	help: '',
	min: null,
	max: null,
	step: null,
	unit: '',
	choices: [],
	max_length: null,
	required: false,
	points: null,
	...more
});

/** A number kept inside the field's bounds; undefined for what is no number. */
export function bounded(spec: FieldSpec, value: number): number | undefined {
	if (!Number.isFinite(value)) return undefined;
	return Math.min(Math.max(value, spec.min ?? -Infinity), spec.max ?? Infinity);
}

/** What the field's help says that 0 stands for: `0: as long as the clip`; empty where it is a number like others. */
export const meansAtZero = (spec: FieldSpec): string => /(?:^|\. )0: ([^.]+)/.exec(spec.help)?.[1] ?? '';

/** How a value reads, with its unit: `4 s`; in words where 0 is none. */
export function readable(spec: FieldSpec, value: unknown): string {
	const choice = spec.choices.find((one) => one.value === value);
	if (choice) return choice.label;
	if (value === 0 && meansAtZero(spec)) return meansAtZero(spec);
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
	return spec.unit ? `${text} ${spec.unit}` : text;
}
