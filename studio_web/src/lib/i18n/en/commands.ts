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
	noFolded: 'No card of the selection has folded inputs',
	noMoreShown: 'No card of the selection shows inputs that can be folded',
	noShot: 'Select a shot first',
	notRunning: 'Nothing of the selection is running',
	oneCard: 'Select one card first',
	noWire: 'Select a wire first',
	noWireHere: 'No wire is plugged in here',
	noPoints: 'Select one card whose pipeline takes points on a picture',
	nothingToPlay: 'Select one card that has a take'
};

export const shortcutSheet = {
	title: 'Keyboard shortcuts',
	text: 'In a text field, keys do what they always do.',
	or: 'or',
	change: 'Change keys',
	menu: 'Menu',
	addMenu: 'Add a card at the pointer',
	note: 'Add a note at the pointer',
	points: 'Place points on the still',
	rename: 'Rename',
	didSelect: (n: number) => `${n} selected`,
	didMove: (way: string, by: number) => `Moved ${ways[way] ?? way} by ${by}`,
	selectAll: 'Select all',
	pasteWired: 'Paste with the wires that came in',
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
	stop: 'Stop what the selection is making',
	play: 'Play the selected shot',
	fitSelection: 'Fit the selection',
	minimap: 'Map of the board',
	showInputs: 'Show all inputs',
	foldInputs: 'Fold inputs',
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
		cut: 'Alt-click a wire',
		menu: 'Right button, or rest a finger on it'
	}
};

export const menuNames = {
	board: 'Board menu',
	card: 'Card menu',
	scene: 'Scene menu',
	wire: 'Wire menu',
	socket: 'Socket menu'
};

export const wireWords = {
	connect: 'Connect or cut wires',
	addHere: 'Add a card that fits here',
	toSource: 'Go to where it comes from',
	toTarget: 'Go to where it leads',
	cut: 'Cut the wire',
	cutAll: 'Cut the wires of this socket',
	didCut: (n: number) => (n === 1 ? 'Wire cut' : `${n} wires cut`)
};

export const panelWords = {
	palette: 'Find a command, a card or a take',
	menu: 'Open the menu of the selection',
	outline: 'Outline: the board as a tree',
	assets: 'Assets: the files of the project',
	moveInto: 'Move into a scene, or out of it',
	focus: 'Only the board: hide rail and panels',
	hand: 'Drag moves the board (hand) or selects (box)',
	nowHand: 'Hand: dragging the empty board moves it. Shift-drag selects.',
	nowBox: 'Box: dragging the empty board selects. Space-drag moves it.',
	settings: 'Settings',
	tour: 'Take the tour',
	clone: 'Clone this project with git',
	hooks: 'Webhooks: tell other systems what happens',
	save: 'Say what is saved',
	alreadySaved: (revision: number) => `Already saved, revision ${revision}`,
	saving: (n: number) => (n === 1 ? 'One edit is on its way' : `${n} edits are on their way`),
	savedLater: (n: number) =>
		n === 0
			? 'Offline; everything up to now is saved'
			: `Offline: ${n === 1 ? 'one edit is' : `${n} edits are`} kept here and saved when the studio is back`
};

export const paletteWords = {
	title: 'Commands, cards and takes',
	placeholder: 'What do you want to do, or where do you want to go?',
	nothing: (query: string) => `Nothing matches “${query}”`,
	hint: 'Up and down choose, Enter does it, Esc leaves',
	recent: 'used last',
	adds: 'Add',
	cards: 'Go to',
	takes: 'Take',
	cardSaying: (name: string, prompt: string) => `${name}: ${prompt}`,
	takeOf: (card: string, take: string) => `${card}, ${take}`
};

export const wireListWords = {
	title: (card: string) => `Wires of ${card}`,
	where: (card: string, socket: string) => `Where does ${socket} of ${card} go?`,
	whence: (card: string, socket: string) => `Where does ${socket} of ${card} come from?`,
	output: (label: string) => `${label}: lead it to …`,
	input: (label: string) => `${label}: get it from …`,
	cut: (from: string, to: string) => `Cut the wire from ${from} to ${to}`,
	didCut: 'Wire cut',
	socketOf: (card: string, socket: string) => `${card}, ${socket}`,
	free: 'free',
	wiredTo: (names: string) => `wired: ${names}`,
	there: 'wired already',
	replaces: (name: string) => `replaces ${name}`,
	nothingFits: 'Nothing on the board fits this socket. Add a card first.',
	noSockets: 'This card has no sockets',
	hintFirst: 'Enter takes a socket or cuts a wire, Esc leaves',
	hintSecond: 'Enter connects, Backspace in the empty field goes back, Esc leaves',
	connected: (from: string, to: string) => `Connected ${from} to ${to}`
};

export const renameWords = {
	title: (card: string) => `Rename ${card}`,
	name: 'Name',
	hint: 'Empty gives it back the usual name.',
	save: 'Rename',
	did: 'Renamed'
};
