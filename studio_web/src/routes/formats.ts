/** The catalogue's formats as the new-project dialog offers them. Pure. */
import type { Formats } from '#lib/api/types.ts';
import { m } from '#lib/i18n/messages.ts';

export interface Offer {
	value: string;
	label: string;
	hint: string;
}

export interface Shape {
	value: string;
	width: number;
	height: number;
}

export const shapesOf = (formats: Formats): Shape[] =>
	Object.entries(formats.aspect_ratios).map(([value, [width, height]]) => ({ value, width, height }));

export const ratesOf = (formats: Formats): Offer[] =>
	formats.frame_rates.map((choice) => {
		const value = String(choice.value);
		return { value, label: `${choice.label} fps`, hint: m.newProject.rates[value] ?? '' };
	});

/** In the server's words where it has some, else in ours. */
export const qualitiesOf = (formats: Formats): Offer[] =>
	formats.qualities.map((entry) => {
		const value = String(typeof entry === 'string' ? entry : entry.value);
		const [label, hint] = m.newProject.qualities[value] ?? [value, ''];
		if (typeof entry === 'string') return { value, label, hint };
		const own = 'help' in entry && typeof entry.help === 'string' ? entry.help : '';
		return { value, label: entry.label || label, hint: own || hint };
	});

/** The wished value where it is on offer, else the first. */
export const chosen = (offers: readonly { value: string }[], wished: string): string =>
	offers.some((offer) => offer.value === wished) ? wished : (offers[0]?.value ?? '');
