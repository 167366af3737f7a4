/** Placing points on a still by hand. */

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

export const pointing = {
	place: 'Place the points yourself',
	placeOf: (field: string) => `Place yourself: ${field}`,
	correct: 'Correct the points',
	none: 'None placed',
	placed: (points: number) => `${points} placed by hand`,
	mark: (field: string) => `${field}: placed by hand`,
	otherPicture: (field: string) => `${field}: placed on another picture. Look whether they fit this one.`,
	otherShort: 'Placed on another picture',
	unreadable: 'They cannot be read; place them anew',
	title: (field: string, card: string) => `${field}, ${card}`,
	text: 'Drag each point to its place. With the keyboard: Tab to the next point, arrows move it by a pixel, Shift by ten.',
	noPicture: 'Connect a still first: the points are placed on it.',
	stage: 'The still, with the points on it',
	kind: 'point to place',
	at: (name: string, x: number, y: number) => `${name}: ${percent(x)} across, ${percent(y)} down`,
	list: 'Points',
	found: 'Found in the picture',
	foundOne: (number: number) => `Number ${number}`,
	didTake: (number: number) => `The points found for number ${number} are taken`,
	all: 'Move all points',
	allHint: 'Drag it, or use the arrows, to move all points at once; plus and minus make them wider or closer',
	zoomIn: 'Closer',
	zoomOut: 'Farther',
	zoomFit: 'Whole picture',
	undo: 'Undo',
	didUndo: 'Undone',
	reset: 'Start again',
	didReset: 'All points are where they began',
	remove: 'Remove the points',
	didRemove: (field: string) => `${field} removed`,
	keep: 'Keep',
	generate: 'Keep and generate',
	didKeep: (field: string) => `${field} placed`
};
