/** Words of the film's shape, the framing of shots for it and the versions of a cut. They come with the cut. */

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
	didAdd: (shape: string) => `Added a ${shape} version of the cut`,
	label: (shot: string, aspect: string) => `${shot} in ${aspect}`,
	onPicture: 'Set what is seen on the picture',
	closer: 'Closer',
	point: (shot: string, x: number, y: number) =>
		`What matters in ${shot}: ${x} % across, ${y} % down. Drag it, or use the arrow keys`,
	reset: 'As for the whole film',
	middle: 'Its middle is seen, as for the whole film.',
	bars: 'The whole picture is seen with bars, as for the whole film.',
	did: (shot: string, aspect: string) => `What is seen of ${shot} in ${aspect}`,
	didReset: (shot: string, aspect: string) => `${shot} in ${aspect} is seen as the whole film`
};
