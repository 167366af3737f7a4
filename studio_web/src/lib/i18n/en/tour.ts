/** The tour of the studio. */

export const next = 'Next';
export const back = 'Back';
export const done = 'Done';
export const close = 'Leave the tour';
export const progress = (at: number, all: number) => `${at} of ${all}`;
export const again = 'The tour is in the list of commands (Ctrl+K) whenever you want it again.';

export const steps = {
	film: {
		title: (film: string) => `This is “${film}”`,
		text: 'One board, one film. Each card is a shot, a line of dialogue or a file; the wires run to the cut. Drag the board to move about, turn the wheel to come closer.'
	},
	shot: {
		title: 'A shot and its takes',
		text: 'What you see is the active take: the one in the film. The arrows below the picture, or [ and ], step through the others. None is ever overwritten.'
	},
	prompt: {
		title: 'Say what happens',
		text: 'Change a word here. The take stays, and a sign on the card tells that it is out of date, and why. Generate makes another one.'
	},
	rebuild: {
		title: 'Make only what changed',
		text: 'This shows everything that is out of date, with the time it will take, and makes just that: the shot, and the film it is in.'
	},
	cut: {
		title: 'The cut',
		text: 'Open the cut to play the film, trim shots and mix sound; it plays before anything is rendered. From here it goes to Resolve, Premiere or Avid, and your re-cut comes back.'
	},
	quality: {
		title: 'From draft to production',
		text: 'Low means drafts, drawn on this machine and marked as such. Choose Standard where a GPU serves the studio: the same shots are made anew, with nothing to enter again. For a film of your own, start a project and paste a script.'
	}
};
