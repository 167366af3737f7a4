/** What commands are called: in the sheet of keys, the palette and the context menus. */

export const groups: Record<string, string> = {
	add: 'Add',
	edit: 'Edit',
	takes: 'Shots and takes',
	scenes: 'Scenes',
	arrange: 'Arrange',
	find: 'Find',
	view: 'View',
	panels: 'Panels',
	mouse: 'Mouse'
};

const ways: Record<string, string> = { Left: 'left', Right: 'right', Up: 'up', Down: 'down' };

/** Why a command cannot run now. */
export const reasons = {
	nothing: 'Nothing is selected',
	noTake: 'The selection has no takes',
	noShot: 'Select a shot first',
	nothingToPlay: 'Select one card that has a take'
};

export const shortcutSheet = {
	title: 'Keyboard shortcuts',
	text: 'They work while the board has the focus. In a text field, keys do what they always do.',
	or: 'or',
	addMenu: 'Add a node at the pointer',
	selectAll: 'Select all',
	duplicate: 'Duplicate',
	copy: 'Copy',
	cutSelection: 'Cut',
	paste: 'Paste',
	remove: 'Remove',
	moves: 'Move the selection',
	movesFar: 'Move it further',
	move: (way: string) => `Move the selection ${ways[way] ?? way}`,
	moveFar: (way: string) => `Move it further ${ways[way] ?? way}`,
	generate: 'Generate the selected shots',
	play: 'Play the selected shot',
	fitSelection: 'Fit the selection',
	actualSize: 'Zoom to 100 %',
	escape: 'Clear the selection',
	dragPan: 'Pan',
	boxSelect: 'Select with a box',
	cutWire: 'Cut a wire',
	zoom: 'Zoom',
	connect: 'Connect',
	mouse: {
		pan: 'Middle-drag, Space-drag, or two fingers',
		zoom: 'Wheel or pinch',
		box: 'Drag on the empty board',
		drop: 'Drop a wire on a card or on the empty board',
		cut: 'Alt-click a wire'
	}
};
