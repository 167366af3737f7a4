/** The catalogue's formats as the new-project dialog offers them. Pure. */
import type { Formats, PipelineType } from '#lib/api/types.ts';
import { m } from '#lib/i18n/messages.ts';
import { newProject } from '#words/projects.ts';

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
		return { value, label: `${choice.label} fps`, hint: newProject.rates[value] ?? '' };
	});

/** In our words, and in the server's for a quality this page does not know. */
export const qualitiesOf = (formats: Formats): Offer[] =>
	formats.qualities.map((value) => {
		const [label, hint] = m.qualities[value] ?? [value, ''];
		return { value, label, hint };
	});

/** The wished value where it is on offer, else the first. */
export const chosen = (offers: readonly { value: string }[], wished: string): string =>
	offers.some((offer) => offer.value === wished) ? wished : (offers[0]?.value ?? '');

/** What a quality comes to on this machine, said before the choice is made and not after the first disappointment. */
export function meansHere(pipelines: readonly PipelineType[], quality: string): string {
	const makers = pipelines.filter(
		(pipeline) =>
			pipeline.name === pipeline.id &&
			pipeline.available &&
			pipeline.task === 'generate-video' &&
			pipeline.qualities.includes(quality)
	);
	if (makers.length === 0) return newProject.nobodyHere;
	const finished = makers.filter((pipeline) => pipeline.tier !== 'previz');
	const names = (list: readonly PipelineType[]) => list.map((pipeline) => pipeline.title).join(', ');
	return finished.length > 0 ? newProject.madeHere(names(finished)) : newProject.draftsHere(names(makers));
}
