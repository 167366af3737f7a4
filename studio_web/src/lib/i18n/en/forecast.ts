import { count } from './count.ts';

/** What is to be expected of a take before it is ordered, and how a project's work is placed. */
export const words = {
	title: 'If you generate now',
	ofFilm: 'If you render now',
	asking: 'Asking the machines…',
	away: 'Nobody can say while the studio is away',
	startsNow: 'Starts at once',
	startsIn: (time: string) => `starts in ${time}`,
	startsWithin: (time: string) => `starts within ${time}`,
	startsSometime: 'nobody can say when it starts',
	ahead: (n: number) => `${n} ahead`,
	in: (time: string) => `in ${time}`,
	within: (time: string) => `within ${time}`,
	needsBrief: (where: string) => `needs ${where}`,
	waits: 'Waits for a machine',
	fallsBack: (quality: string) => `Made at ${quality} instead`,
	draft: 'A draft instead',
	otherwise: 'Made otherwise',
	noMachine: 'No machine for it',
	held: 'The queue is held',
	refused: 'Cannot be made yet',
	takes: (time: string) => `takes ${time}`,
	guess: (text: string) => `${text}, a guess`,
	unknown: 'nobody knows how long it takes',
	full: 'The queue is full',
	on: (where: string) => `On ${where}.`,
	needs: (where: string) => `It needs ${where}.`,
	between: (time: string) => `Then ${time || 'some time'} for pictures in between.`,
	costs: (n: number) => `Costs ${count(n, 'credit', 'credits')}.`,
	guessText: 'Fewer than four takes like it were made here, so the time is what its maker promises.'
};

export const qualityNames: Record<string, string> = { low: 'low', standard: 'standard', high: 'high' };

/** What a card asks for at least. */
export const least = {
	label: 'At least',
	project: 'As the project',
	low: 'Low',
	standard: 'Standard',
	high: 'High',
	shotHint: 'Never made below this, whatever the project asks for.',
	improvesHint: 'Below this the card steps aside: it hands on what comes in.',
	aside: (from: string) => `Steps aside: made from ${from} on`,
	asideText: (from: string, now: string) =>
		`Made from ${from} quality on, and the project is at ${now}: this card hands on what comes in.`
};

/** The dialog of a project's settings. */
export const projectWords = {
	title: 'Project settings',
	text: 'For everybody who works on this project; kept in its folder.',
	shape: 'Shape',
	rate: 'Frame rate',
	rateOf: (rate: string) => `${rate} fps`,
	took: (takes: number, was: string) =>
		takes === 1
			? `One take was made while the project was ${was}. It stays as it is; its card says what has changed, and Rebuild makes it again.`
			: `${takes} takes were made while the project was ${was}. They stay as they are; their cards say what has changed, and Rebuild makes what you choose again.`,
	frames:
		'Marks, dissolves and all that is given in frames stay as many frames, so they last longer or shorter.',
	until:
		'Until then the cut repeats or drops frames of takes of the old rate; there, pictures in between can be asked for.',
	change: (to: string) => `Make it ${to}`,
	quality: 'Quality',
	served: 'What makes it at this quality',
	whenFull: 'While nothing can make that quality',
	fallback: 'Fall back',
	fallbackText: 'The next lower quality that can start now is made, at last a draft, and you are told why.',
	queue: 'Hold',
	queueText: 'The take waits until a machine comes that can make the quality you asked for.',
	otherRates: 'Takes of another frame rate',
	between: 'Made in between',
	betweenText:
		'A shot’s take that does not fit the project’s frame rate gets pictures in between, once, when it lands. The take as it was stays beside it.',
	repeat: 'Repeated',
	repeatText: 'The cut repeats or drops frames. Pictures in between can be asked for in the cut.',
	engines: 'Made with, first choice first',
	enginesText: 'Counts where several could make the same quality.',
	engineNames: {
		comfyui: 'ComfyUI',
		cuda: 'A GPU of its own',
		cpu: 'The processor',
		remote: 'Providers outside'
	} as Record<string, string>,
	outside: 'May leave the house',
	outsideText: 'Providers that a key is stored for may be sent pictures and sound of this project.',
	up: (name: string) => `${name}: earlier`,
	down: (name: string) => `${name}: later`,
	tasks: {
		'generate-video': 'Shots',
		'generate-image': 'Stills',
		'extract-motion': 'Motion',
		'upscale-video': 'Super resolution',
		'restore-video': 'Restoration',
		'grade-video': 'Grade',
		'interpolate-video': 'Frame rate',
		'make-sound': 'Speech',
		'mix-sound': 'Mix',
		'assemble-film': 'The film',
		'deliver-cut': 'For editors',
		'write-captions': 'Captions'
	} as Record<string, string>,
	on: (vram: number) => (vram ? `${vram} GB card` : 'processor'),
	draft: 'draft',
	withWired: (inputs: string) => `with ${inputs} wired`,
	saved: 'The project’s settings are saved'
};
