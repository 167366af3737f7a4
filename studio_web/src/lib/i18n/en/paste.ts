import { count } from './count.ts';

const figures = new Intl.NumberFormat('en');

export const tooMany = (n: number) => `${figures.format(n)} cards are too many to paste at once`;
export const tooManyText = (most: number) =>
	`${figures.format(most)} is the most. Copy a part of them, for example a scene at a time.`;
export const pasting = (done: number, all: number) =>
	`Pasting ${figures.format(done)} of ${figures.format(all)} cards`;
export const stop = 'Cancel';
export const stopped = 'Paste canceled; nothing of it is left';
export const into = (label: string, scene: string) => `${label} into ${scene}`;
export const missing = (n: number) =>
	n === 1 ? 'A file is not in this project' : `${n} files are not in this project`;
export const missingText = (names: string) => `The pasted cards use ${names}.`;
export const importThem = (n: number) => `Import ${count(n, 'file', 'files')}`;
export const importing = (n: number) => `Importing ${count(n, 'file', 'files')}`;
export const didImport = (n: number) => `Imported ${count(n, 'file', 'files')}`;
export const andMore = (n: number) => `and ${n} more`;
export const linkOnly = 'What was dropped is a link, not a file';
export const linkOnlyText =
	'Save it on this machine first, then drop the file. The studio fetches nothing by itself.';
