import { count } from './count.ts';

export const projects = {
	title: 'Projects',
	create: 'New project',
	search: 'Search projects',
	searchPlaceholder: 'Search title or description',
	sort: 'Sort',
	sortRecent: 'Last worked on',
	sortTitle: 'Title',
	sortCreated: 'Newest',
	loading: 'Loading the projects',
	shots: (n: number) => count(n, 'shot', 'shots'),
	noTakes: 'No takes yet',
	takes: (n: number) => count(n, 'take', 'takes'),
	fps: (rate: string) => `${rate} fps`,
	worked: (when: string) => `Worked on ${when}`,
	needsAttention: 'Needs attention',
	noPoster: 'No picture yet',
	nothingFound: (words: string) => `No project matches “${words}”`,
	nothingFoundText: 'The search looks at titles and descriptions.',
	clearSearch: 'Clear the search',
	found: (n: number) => `${count(n, 'project', 'projects')} found`,
	away: 'The studio does not answer. This page tries again by itself.',
	menu: (title: string) => `More about ${title}`,
	sample: 'See a finished film',
	sampleHint:
		'A finished film of half a minute, made on a laptop. A tour shows you around; do with it what you like.',
	sampleOpening: 'Opening it',
	bringIn: 'Bring in a project',
	bringInHint: 'A zip that a studio saved, or the zipped folder of a project.',
	save: 'Save as a zip',
	saveHint: 'The whole project: media, canvas and history.',
	duplicate: 'Duplicate',
	storage: 'Storage and health',
	duplicating: (title: string) => `Copying “${title}”`,
	duplicated: (title: string) => `“${title}” is here`,
	arriving: (name: string, percent: number) =>
		percent < 100 ? `Bringing in ${name}: ${percent} %` : `Unpacking ${name}`,
	arrived: (title: string) => `“${title}” was brought in`,
	noHistory: 'Its history could not be taken over; it begins today.',
	missingMedia: (n: number) => `${count(n, 'media file', 'media files')} did not come with it.`,
	leftOut: (n: number) => `${count(n, 'file', 'files')} in it were left out.`,
	hereAlready: 'This project is here already',
	hereAlreadyText:
		'The project in the zip is in this list. It can come in beside it, as a project of its own.',
	asCopy: 'Bring in as a copy',
	close: 'Close',
	refused: 'The project was not brought in',
	firstTitle: 'Start your first film',
	firstText:
		'Lay out shots on a canvas, describe each one, generate takes and cut the best together. Everything stays in a folder on this machine, and no take is ever overwritten.',
	firstSteps: [
		['Shots', 'Place them on the canvas and say what happens in each.'],
		['Takes', 'Generate as many as you like. All are kept; you pick.'],
		['Cut', 'Join them, render the film, hand the edit to any editor.']
	] as const
};

export const newProject = {
	title: 'New project',
	description: 'The frame rate is for the whole film. Everything else can change later.',
	name: 'Title',
	namePlaceholder: 'The Salt Road',
	nameMissing: 'Give the film a title.',
	about: 'Description',
	aboutPlaceholder: 'A line for yourself: what is this film?',
	aspect: 'Picture',
	rate: 'Frame rate',
	quality: 'Quality',
	submit: 'Create project',
	creating: 'Creating the project folder',
	created: (title: string) => `${title} created`,
	formatsLoading: 'Loading the formats',
	/** What the chosen quality comes to with the pipelines that are installed. */
	nobodyHere: 'No pipeline on this machine makes shots in this quality. They wait until one does.',
	draftsHere: (makers: string) =>
		`On this machine shots are drafts for planning (previz), made by ${makers}.`,
	madeHere: (makers: string) => `On this machine shots are made by ${makers}.`,
	/** What a picture shape is known as. */
	shapes: {
		'16:9': 'Wide',
		'9:16': 'Upright',
		'1:1': 'Square',
		'4:3': 'Classic',
		'3:4': 'Portrait',
		'21:9': 'Ultrawide',
		'2.39:1': 'Scope',
		'239:100': 'Scope',
		'1.85:1': 'Flat',
		'185:100': 'Flat',
		'4:5': 'Social'
	} as Record<string, string>,
	rates: {
		'24000/1001': 'Film, for broadcast',
		'24/1': 'Film',
		'25/1': 'PAL television',
		'30000/1001': 'NTSC television',
		'30/1': 'Web',
		'48/1': 'High frame rate',
		'50/1': 'PAL, smooth',
		'60000/1001': 'NTSC, smooth',
		'60/1': 'Web, smooth'
	} as Record<string, string>
};
