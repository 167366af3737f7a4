import { count } from './count.ts';

/** `45 s`, `3 min`, `4 h 27 min`: about, for what is read from words. */
function length(seconds: number): string {
	if (seconds < 120) return `${Math.round(seconds)} s`;
	const minutes = Math.round(seconds / 60);
	return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A script page to a film: the dialog, its progress, and the sample. */
export const scriptFilm = {
	title: 'Script to film',
	text: 'Every shot is drawn from its words, every line spoken by a robot and shown, and all of it cut into one film. It is a draft: choose a better quality or wire stills and voices later, and make only what changed.',
	script: 'Script',
	hint: 'Fountain, Final Draft or plain text; scene headings such as INT. KITCHEN - NIGHT, names in capitals above what they say.',
	open: 'Open a file…',
	sample: 'Use the sample page',
	looking: 'Reading…',
	holds: (scenes: number, shots: number, speeches: number, seconds: number) =>
		`${count(scenes, 'scene', 'scenes')}, ${count(shots, 'shot', 'shots')}, ${count(speeches, 'line', 'lines')}, about ${length(seconds)}`,
	notes: 'What to know',
	long: (shots: number) =>
		`${count(shots, 'shot', 'shots')} are many to draw in one go. Make the cards puts all of it on the board at once, and you make it scene by scene.`,
	empty: (name: string) => `“${name}” is empty.`,
	notText: (name: string) =>
		`“${name}” is a PDF or a word processor's file. Export the script as Fountain, FDX or text.`,
	cards: 'Make the cards',
	madeCards: (scenes: number) => `${count(scenes, 'scene is', 'scenes are')} on the board`,
	undoneCards: 'Make cards from a script',
	make: 'Make the film',
	undone: 'Script to film',
	making: (done: number, all: number) => (done < all ? `${done} of ${all} made` : 'Made'),
	step: 'You can close this: it goes on, and the board shows how far it is.',
	failed: (n: number) => `${count(n, 'task', 'tasks')} failed: the queue says why`,
	play: 'Play the film',
	edl: 'Export EDL…',
	close: 'Close',
	sampleTitle: 'The Keeper',
	sampleText: `Title: The Keeper

EXT. LIGHTHOUSE - DAWN

Extreme wide. A lighthouse on a rock, gulls, fog.

INT. KITCHEN - DAY

MARA, an old woman, reads a letter.

MARA
(to herself)
They will switch it off on Friday.

A knock. TOM enters, wearing a blue coat.

TOM
You have read it, then.

MARA
Forty years, Tom. And they send a letter.

EXT. HARBOUR - DUSK

Wide. Mara and Tom walk along the pier.

TOM
Come and live in town. There is a room with a window to the sea.

MARA
And who will look out?

EXT. SEA - NIGHT

Wide. A small boat on the sea. Storm.

INT. BEDROOM - NIGHT

Close-up. Mara, afraid. The camera pushes in.

MARA
There is somebody out there.

EXT. CLIFF - NIGHT

Wide shot. Mara runs. Lightning.

EXT. LIGHTHOUSE - NIGHT

Extreme wide. The lighthouse. A boat comes home.

EXT. HARBOUR - DAWN

Medium shot. TOM and MARA hug.

TOM
They saw the light. All six of them.

MARA
Then let them write to me again.
`
};
