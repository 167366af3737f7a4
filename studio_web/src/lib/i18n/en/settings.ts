/** The settings dialog. */

export const settingsWords = {
	title: 'Settings',
	text: 'Kept in this browser, for all projects.',
	tabs: { keys: 'Keys', board: 'Board', you: 'You', end: 'Run ends', theme: 'Theme' } as Record<
		string,
		string
	>
};

export const keyWords = {
	search: 'Search commands or keys',
	list: 'Commands and their keys',
	write: 'Save to a file',
	read: 'Read a file',
	resetAll: 'All as before',
	didRead: (file: string) => `Keys of ${file} are in use`,
	notKeys: (file: string) => `${file} is not a file of keys. Choose one that was saved here.`,
	nothing: (query: string) => `No command matches “${query}”`,
	none: 'no key',
	add: (title: string) => `Add a key: ${title}`,
	take: (label: string, title: string) => `Take ${label} away: ${title}`,
	reset: (title: string) => `Usual keys: ${title}`,
	press: 'Press the new key, Esc to leave',
	taken: (title: string) => `belongs to “${title}”. Which one keeps it?`,
	giveHere: 'Use it here',
	leave: 'Leave it there',
	browsers: (label: string) => `Browsers keep ${label} for themselves. Choose another key.`,
	clash: (labels: string) => `Two commands want the same key: ${labels}. The first in the list gets it.`
};

export const boardWords = {
	wheel: 'Wheel and trackpad',
	wheelAuto: 'Tell them apart',
	wheelAutoText: 'A wheel zooms at the pointer, two fingers on a trackpad move the board.',
	wheelZoom: 'Always zoom',
	wheelZoomText: 'Also on a trackpad. Space-drag or the middle button moves the board.',
	wheelPan: 'Always move the board',
	wheelPanText: 'Ctrl and the wheel, or a pinch, zoom.',
	drag: 'Dragging the empty board',
	dragBox: 'Selects with a box',
	dragBoxText: 'Space-drag or the middle button moves the board.',
	dragHand: 'Moves the board (hand)',
	dragHandText: 'Shift-drag selects with a box.',
	snap: 'Snap cards to the grid',
	snapText: 'Cards that are dragged come to rest on the dots of the board.',
	motion: 'Motion',
	motionReduced: 'Reduced: your system asks for less motion.',
	motionFull: 'Full: your system does not ask for less.',
	motionText: 'Follows the setting of your system.'
};

export const youWords = {
	name: 'Your name',
	nameText: 'Others in a project see it beside your pointer.'
};

export const themeWords = {
	dark: 'Graphite; pictures are the only colour in the room.',
	light: 'For bright rooms.',
	system: 'Changes with your system.'
};
