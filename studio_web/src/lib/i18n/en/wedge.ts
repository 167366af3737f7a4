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
	pipeline: 'Pipeline',
	unavailable: (title: string, why: string) => `${title} cannot run now: ${why}`,
	noSetting: (title: string, setting: string) => `${title} has no setting called ${setting}`,
	outside: (title: string, setting: string, value: string) => `${title} does not go to ${setting} ${value}`,
	notOffered: (title: string, setting: string, value: string) =>
		`${title} does not offer ${setting} ${value}`,
	needsWire: (title: string, socket: string) => `${title} needs a wire into ${socket}`,
	some: (known: string, missing: number) =>
		`${known} for those that are known; of ${takes(missing)} nobody knows yet`,
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
	stop: 'Stop them',
	failed: (n: number) => `${takes(n)} failed`,
	again: (n: number) => (n === 1 ? 'Try again' : `Try all ${n} again`),
	noReason: 'no reason was given',
	count: takes,
	save: 'Save as a picture',
	copy: 'Copy picture',
	saved: (file: string) => `${file} saved`,
	copied: 'The contact sheet is on the clipboard',
	tooLarge: 'So many takes do not fit into one picture. Filter them, or choose fewer rows or columns.',
	notDrawn: (what: 'save' | 'copy') =>
		what === 'copy'
			? 'The browser did not take the picture onto its clipboard. Save it as a file instead.'
			: 'The picture could not be drawn. Try again, or filter the takes.',
	empty: 'No take fits this filter',
	emptyText: 'Show all takes, or make some.',
	noTakes: 'No takes yet',
	noTakesText: 'Generate the shot, or make a wedge.',
	missing: 'no take',
	unwritten: 'not written down',
	keys: 'Arrows walk, Shift with arrows scrubs, S stars, X rejects, Enter makes active, C compares with the active take',
	wedge: 'Wedge…'
};
