export const common = {
	close: 'Close',
	choose: 'Choose…',
	cancel: 'Cancel',
	undo: 'Undo',
	reload: 'Reload',
	copied: 'Copied',
	copyFailed: 'The browser did not let the studio copy. Select the text and press Ctrl+C.'
};

export const errors = {
	details: 'Details',
	tryAgain: 'Try again',
	copyDetails: 'Copy details'
};

export const shell = {
	name: 'Production Canvas',
	skip: 'Skip to content',
	projects: 'Projects',
	setup: 'Setup',
	notices: 'Notices',
	theme: 'Theme',
	themeDark: 'Dark',
	themeLight: 'Light',
	themeSystem: 'Like the system',
	help: 'Main menu',
	notNow: 'This goes on when the studio is connected again.',
	nowHere: 'The studio is connected again. What you asked for is ready.',
	doNow: 'Do it now',
	keysWait: 'Keys work again when the studio is connected.',
	newVersion: 'The studio was updated. Reload to use the new version.',
	unknownPage: 'There is no such page',
	unknownPageText: 'The address may be old, or the project may have been moved.',
	brokenPage: 'This page stopped working',
	toProjects: 'Go to the projects'
};

/** What the qualities of a project are called, and what each is for. */
export const qualities = {
	low: ['Low', 'Quickest. For blocking a scene and finding its timing.'],
	standard: ['Standard', 'For daily work and showing to others.'],
	high: ['High', 'Best picture, longest wait. For the takes of the finished film.']
} as Record<string, [string, string]>;
