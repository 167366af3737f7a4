/** The bar's menu of all panels. */
export const panelsMenu = {
	assets: 'Assets',
	outline: 'Outline',
	history: 'History',
	versions: 'Versions',
	palette: 'Find a command, a card or a take',
	clone: 'Clone this project with git',
	end: 'When a run ends',
	hooks: 'Webhooks: tell other systems',
	settings: 'Settings',
	what: {
		inspector: 'Everything about what is selected',
		queue: 'What runs, and what comes next',
		assets: 'The files of the project',
		outline: 'The whole board as a list',
		history: 'Your own steps, to undo and redo',
		versions: 'Earlier states, takes and films'
	}
};
