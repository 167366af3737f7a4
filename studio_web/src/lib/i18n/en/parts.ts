/** Words for the parts of a long take and for what lies beside a take; they come with the inspector. */

export const parts = {
	title: 'Parts',
	part: 'Part',
	light: 'Light',
	colour: 'Colour',
	from: (picture: number) => `from ${picture}`,
	pictures: (start: number, frames: number) => `Pictures ${start} to ${start + frames - 1}`,
	level: (value: number, signed: boolean) =>
		`${signed && value > 0 ? '+' : ''}${value.toFixed(1).replace('-', '\u2212')}`,
	unit: 'Difference from the first part, in levels of 255. Movement in the picture counts too.',
	drifts: 'The parts drift away from the first one.',
	steady: 'The parts lie close to the first one.',
	evened: 'The parts were brought to the first one; this is what is left.',
	again: 'Again',
	againFrom: (part: number) => `Make part ${part} and those after it again`,
	didAgain: (part: number) => `Part ${part} and those after it will be made another way`,
	even: 'Even out',
	didEven: 'The parts will be brought to the first one',
	generate: 'Generate makes it, as the next take.'
};

export const beside = {
	title: 'Beside this take',
	facts: 'Facts of the run'
};
