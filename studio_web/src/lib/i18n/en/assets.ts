import { count } from './count.ts';

/** The assets panel: every file of the project. */
export const assetsWords = {
	title: 'Assets',
	search: 'Search files',
	list: 'Files of the project',
	any: 'All',
	kinds: { image: 'Stills', video: 'Clips', audio: 'Sound' } as Record<string, string>,
	which: 'Which files',
	bring: 'Bring files',
	empty: 'No files yet',
	emptyText: 'Drop stills, clips and sound here or on the board, or press “Bring files”.',
	none: 'No file matches',
	noneText: 'Try other words, or all kinds.',
	unused: 'not used',
	used: (n: number) => `used by ${count(n, 'card', 'cards')}`,
	shots: (n: number) => `used by ${count(n, 'shot', 'shots')}`,
	put: (title: string) => `Put ${title} on the board`,
	drop: 'Drop to bring them into the project',
	bringing: (name: string) => `Bringing ${name}`,
	brought: (n: number) => `${count(n, 'file is', 'files are')} in the project`,
	hint: 'Drag one onto the board, or press Enter.',
	noFile: 'No file yet',
	noFileText: 'Drop one on the card, or press “Choose a file” on it.',
	goneText: 'Choose another on the card; the wires stay.'
};
