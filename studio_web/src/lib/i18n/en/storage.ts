import { count } from './count.ts';

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** Bytes as disks are sold: 1 KB is 1,000 of them. */
export function bytes(size: number): string {
	let unit = 0;
	while (size >= 999.5 && unit < UNITS.length - 1) {
		size /= 1000;
		unit += 1;
	}
	return `${size.toLocaleString('en', { maximumFractionDigits: unit > 1 && size < 100 ? 1 : 0 })} ${UNITS[unit]}`;
}

export const storage = {
	title: 'Storage and health',
	of: (title: string) => `Storage and health of ${title}`,
	toProject: 'Open the project',
	loading: 'Measuring the folder',
	used: (size: number) => `${bytes(size)} on the disk`,
	free: (size: number) => `${bytes(size)} free`,
	kinds: 'What it holds',
	kindsText: 'Bytes that lie under several names are counted once.',
	kindNames: {
		takes: ['Takes', 'in 03_Renders'],
		assets: ['Files people brought', 'in 01_Assets'],
		films: ['Rendered films', 'in 06_Exports'],
		texts: ['Canvas, edit lists, settings', ''],
		kept: ['Media of earlier versions', 'only the history still names it'],
		trash: ['Trash', 'can be taken back'],
		history: ['History', 'Git'],
		cache: ['Thumbnails and the like', 'made again when somebody looks']
	} as Record<string, [string, string]>,
	files: (n: number) => count(n, 'file', 'files'),
	clear: 'Clear',
	cleared: (size: number) => `${bytes(size)} of thumbnails removed`,
	scenes: 'Scenes',
	scene: 'Scene',
	takes: 'Takes',
	size: 'Size',
	unusedOf: 'Unused',
	noScenes: 'No takes yet.',
	unused: 'Takes that nobody uses',
	unusedText:
		'No card shows them, no version, film, edit list or other take names them. Only their media goes: number, recipe and picture stay.',
	noUnused: 'Every take is in use.',
	all: 'All of them',
	rejected: 'Rejected',
	away: (n: number, size: number) =>
		n === 0 ? 'Put into the trash' : `Put ${count(n, 'take', 'takes')} (${bytes(size)}) into the trash`,
	wentAway: (n: number, days: number) =>
		`${count(n, 'take', 'takes')} in the trash. They can be taken back for ${count(days, 'day', 'days')}.`,
	trash: 'Trash',
	trashText: 'Removed for good by itself when its time is over.',
	noTrash: 'The trash is empty.',
	bag: (n: number, size: number) => `${count(n, 'take', 'takes')}, ${bytes(size)}`,
	putBy: (by: string, when: string) => `${by}, ${when}`,
	until: (when: string) => `until ${when}`,
	restore: 'Take back',
	restored: (n: number) => `${count(n, 'take', 'takes')} taken back`,
	empty: 'Remove for good',
	emptyAsk: 'Remove this for good?',
	emptyText: (n: number, size: number) =>
		`The media of ${count(n, 'take', 'takes')} (${bytes(size)}) cannot be taken back after that.`,
	emptied: (size: number) => `${bytes(size)} removed for good`,
	cancel: 'Cancel',
	health: 'Health',
	healthText: 'Holds every file against the history. Needs no network and changes nothing.',
	look: 'Look it over',
	lookQuick: 'Without reading media',
	looking: (read: number, size: number) =>
		size > 0 ? `Reading media: ${bytes(read)} of ${bytes(size)}` : 'Looking at the folder',
	never: 'Not looked over since the studio started.',
	sound: (when: string, deep: boolean) =>
		deep ? `Nothing is wrong, every byte was read. ${when}` : `Nothing is wrong with the folder. ${when}`,
	wrong: (n: number, when: string) => `${count(n, 'finding', 'findings')}. ${when}`,
	mend: 'Mend',
	mendAll: (n: number) => `Mend ${count(n, 'finding', 'findings')}`,
	mended: (n: number) => `${count(n, 'finding', 'findings')} mended`,
	mends: 'Mending:',
	person: 'This needs a person.'
};
