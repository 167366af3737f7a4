/** Words of the film's shape, its language and the versions of a cut. They come with the cut. */

interface Missing {
	lines: number;
	of_lines: number;
	titles: number;
	of_titles: number;
	voices: number;
	of_voices: number;
}

const counted = (n: number, what: string) => (n === 1 ? `1 ${what}` : `${n} ${what}s`);

export const framing = {
	shape: 'Its shape',
	project: 'As what it is made for',
	projectShort: 'own shape',
	shapes: {
		'16:9': 'Wide, 16:9',
		'9:16': 'Upright, 9:16',
		'1:1': 'Square, 1:1',
		'4:5': 'Portrait, 4:5',
		'4:3': 'Classic, 4:3'
	} as Record<string, string>,
	didShape: (shape: string) =>
		shape === 'project' ? 'Shape of the film: its own' : `Shape of the film: ${shape}`,
	versions: 'Versions of this cut',
	same: 'The same cut as',
	master: (shape: string) => `The cut itself (${shape})`,
	newShape: 'Shape of the new version',
	add: 'Add a version that follows this cut',
	forLanguage: 'Same shape, another language',
	didAdd: (shape: string) =>
		shape === 'project' ? 'Added a version of the cut' : `Added a ${shape} version of the cut`,
	label: (shot: string, aspect: string) => `${shot} in ${aspect}`,
	onPicture: 'Set what is seen on the picture',
	closer: 'Closer',
	point: (shot: string, x: number, y: number) =>
		`What matters in ${shot}: ${x} % across, ${y} % down. Drag it, or use the arrow keys`,
	reset: 'As for the whole film',
	middle: 'Its middle is seen, as for the whole film.',
	bars: 'The whole picture is seen with bars, as for the whole film.',
	did: (shot: string, aspect: string) => `What is seen of ${shot} in ${aspect}`,
	language: 'Its language',
	asWritten: 'as written',
	named: (tag: string): string => {
		try {
			return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
		} catch {
			return tag;
		}
	},
	noLanguage: (tag: string) => `“${tag}” is no language: write it as fr, ja or pt-BR.`,
	didLanguage: (name: string) =>
		name ? `Language of the film: ${name}` : 'Language of the film: as written',
	burn: 'Subtitles in the picture',
	didBurn: 'Subtitles in the picture',
	missing: (one: Missing, name: string): string => {
		const parts = [
			one.lines ? `${one.lines} of ${counted(one.of_lines, 'line')}` : '',
			one.titles ? `${one.titles} of ${counted(one.of_titles, 'title')}` : '',
			one.voices ? `${one.voices} of ${counted(one.of_voices, 'voice')}` : ''
		].filter(Boolean);
		return parts.length ? `No ${name} yet: ${parts.join(', ')}` : '';
	},
	complete: (name: string) => `All of it is there in ${name}.`,
	save: 'Table for a translator',
	bring: 'Bring in translations',
	table: (lines: number, name: string) => `${counted(lines, 'line')} in ${name}`,
	title: 'Title',
	inLanguage: (text: string, name: string) => `${text} in ${name}`,
	didTranslate: (shot: string, name: string) => `${name} for ${shot}`,
	didBring: (name: string) => `Translations into ${name}`,
	noTable: (tag: string) =>
		`This table has no columns “line” and “${tag}”. Fill in the one that is saved here, and leave its first row as it is.`,
	noCues: (lines: number) =>
		`These subtitles are not ${counted(lines, 'line')}, as the cut has: nothing was taken. A table tells which line is which.`,
	brought: (made: { taken: number; same: number; untouched: number; lost: number }) =>
		[
			`${counted(made.taken, 'translation')} taken over`,
			made.same ? `${made.same} were there already` : '',
			made.untouched
				? `${counted(made.untouched, 'line')} came back as written and count as not translated`
				: '',
			made.lost ? `${counted(made.lost, 'row')} belong to no line of this cut` : ''
		]
			.filter(Boolean)
			.join('; ') + '.',
	didReset: (shot: string, aspect: string) => `${shot} in ${aspect} is seen as the whole film`
};

export const voices = {
	title: (n: number) => `Voices by language (${n})`,
	heardIn: 'Heard in',
	everyFilm: 'every language',
	instead: 'In place of',
	nothing: 'nothing: beside the others',
	languageFirst: 'Say first in which language it is heard',
	named: (one: { name: string; kind: 'voice' | 'shot' | 'gone' }) =>
		one.kind === 'shot'
			? `the sound of ${one.name}`
			: one.kind === 'voice'
				? one.name
				: 'something that is not in the cut any more',
	state: (voice: { there: boolean; heard: boolean; language: string; instead?: string | null }) =>
		!voice.there
			? 'has no take yet: it replaces nothing'
			: voice.heard
				? 'heard in this film'
				: voice.language
					? 'not in this film: another language'
					: 'not in this film: another voice stands in',
	didLanguage: (name: string, language: string) =>
		language ? `${name} is heard in ${language} films only` : `${name} is heard in every film`,
	didInstead: (name: string, of: string) =>
		of ? `${name} is heard in place of ${of}` : `${name} is heard beside the others`,
	over: (seconds: number, of: string) => `Speaks ${seconds} s longer than ${of}.`,
	remedy: (over: { field: string; pace?: number | null }) =>
		over.pace
			? 'Or shorten its lines, or let it run on.'
			: over.field
				? 'It cannot speak so fast: shorten its lines, or let it run on.'
				: 'Shorten its lines, or let it run on: what speaks it has no pace to set.',
	faster: (pace: number) => `Set its pace to ${pace}`,
	didFaster: (name: string, pace: number) => `Pace of ${name}: ${pace}`,
	thenMake: 'Generate it again to hear it.',
	another: 'Voices in another language',
	addDubs: 'Add them',
	dubHelp: 'A speech card for each voice and each speaking shot, with the same lines, heard in its place',
	addTo: (name: string) => `Add voices in ${name}`,
	didDub: (n: number, name: string) => `Added ${counted(n, 'voice')} in ${name}`,
	toTranslate: (n: number, name: string) =>
		n
			? `${counted(n, 'line')} ${n === 1 ? 'has' : 'have'} no ${name} yet: choose ${name} as the language of this film, or of a version of it, to write them; then make the voices on the board.`
			: 'All their lines are translated: make them on the board, or with the film.',
	noLines: (name: string) =>
		`There is nothing to add: what is said in this cut has its voices in ${name}, or no lines are wired into it.`,
	noVoice: (name: string) =>
		`The speech that is installed has no voice for ${name}. Bring a recording, wire it into Voices, and say here that it is heard in ${name}.`
};
