/** The starter canvases: what they are called and what happens in their shots. */
export const starters = {
	film: {
		title: 'Sample film',
		command: 'Add a sample film: three shots and their cut',
		shots: [
			['Wide shot. A lighthouse on a black rock before dawn, the sea nearly still', 4, 'push-in'],
			['Medium close-up. The keeper shuts her logbook and listens', 3, 'static'],
			['Wide shot. A small boat comes out of the fog towards the light', 4, 'pan-right']
		] as [string, number, string][]
	},
	dialogue: {
		title: 'Dialogue',
		command: 'Add a dialogue: master, two over the shoulder, a close-up',
		shots: [
			['Master. Two people at a kitchen table, one letter between them', 4, 'static'],
			['Over the shoulder. She reads the letter aloud', 3, 'push-in'],
			['Over the shoulder. He looks at his hands', 3, 'push-in'],
			['Close-up. She folds the letter', 2, 'static']
		] as [string, number, string][]
	},
	montage: {
		title: 'Montage',
		command: 'Add a montage: six short shots, cut to music',
		shots: [
			['Close-up. A shutter goes up', 1.5, 'static'],
			['Wide shot. A street in the first light', 1.5, 'pan-left'],
			['Close-up. Dough on a floured table', 1.5, 'push-in'],
			['Medium shot. A woman opens an oven, her face lit', 2, 'push-in'],
			['Close-up. Steam against a window', 1.5, 'tilt-up'],
			['Wide shot. People come in, the first of the day', 2, 'pull-out']
		] as [string, number, string][]
	}
};
export const scriptFilmCommand = 'Script to film…';
export const added = (title: string) => `Added: ${title}`;
