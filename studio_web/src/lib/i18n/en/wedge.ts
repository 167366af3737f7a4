import { count } from './count.ts';

const takes = (n: number) => count(n, 'take', 'takes');

/** Words of sweeps and contact sheets; they come with them. */

export const wedge = {
	title: (shot: string) => `Wedge of ${shot}`,
	command: 'Wedge: a take for each value…',
	text: 'One take for every value, or for every pair of values. The card and its active take stay as they are.',
	first: 'Vary',
	second: 'And against',
	nothing: 'Nothing else',
	seed: 'Seed',
	seedsHint: 'Numbers with commas',
	moreSeeds: (n: number) => `${n} random`,
	numbersHint: (unit: string) => `Numbers with commas${unit ? `, in ${unit}` : ''}`,
	linesHint: 'One variant a line',
	on: 'On',
	off: 'Off',
	same: (seed: number) => `All with the seed ${seed}, so that only this differs.`,
	total: (n: number) => takes(n),
	none: 'Choose at least two values',
	tooMany: (n: number, most: number) => `${takes(n)} are more than ${most}: take fewer values`,
	lasts: (time: string) => `about ${time} one after the other`,
	lastsUnknown: 'nobody knows yet how long one takes',
	start: (n: number) => `Make ${takes(n)}`,
	started: (n: number, shot: string) => `${takes(n)} of ${shot} started`,
	stopped: (made: number, wanted: number) => `${made} of ${takes(wanted)} started; the rest was refused`,
	notANumber: (text: string) => `“${text}” is not a number`,
	whole: (text: string) => `“${text}” must be a whole number`,
	tooLow: (text: string, min: number) => `${text} is below ${min}`,
	tooHigh: (text: string, max: number) => `${text} is above ${max}`,
	tooLong: (max: number) => `${max} characters are the most for one line`
};

export const sheet = {
	title: (shot: string) => `Contact sheet of ${shot}`,
	command: 'Contact sheet of all takes',
	rows: 'Rows',
	columns: 'Columns',
	none: 'none',
	names: { seed: 'Seed', pipeline: 'Pipeline', quality: 'Quality' } as Record<string, string>,
	onlyNew: 'Only this wedge',
	size: 'Size',
	running: (n: number) => `${takes(n)} on the way`,
	failed: (n: number) => `${takes(n)} failed`,
	empty: 'No take fits this filter',
	emptyText: 'Show all takes, or make some.',
	noTakes: 'No takes yet',
	noTakesText: 'Generate the shot, or make a wedge.',
	missing: 'no take',
	keys: 'Arrows walk, Shift with arrows scrubs, S stars, X rejects, Enter makes active, C compares with the active take',
	wedge: 'Wedge…'
};

export const rebuildAll = {
	title: 'Rebuild what changed',
	command: 'Rebuild what changed…',
	text: 'These cards say something else than their active take was made from. Each gets a new take, which becomes active.',
	nothing: 'Nothing is out of date',
	nothingText: 'Every active take is what its card says.',
	waits: (card: string) => `waits for ${card}: rebuild again when that has landed`,
	time: (time: string) => `about ${time}`,
	unknown: 'no estimate yet',
	total: (n: number, time: string) => `${takes(n)}${time ? `, about ${time} one after the other` : ''}`,
	start: (n: number) => `Rebuild ${n}`,
	started: (n: number) => `${takes(n)} started`,
	choose: (card: string) => `Rebuild ${card}`
};
