import { count } from './count.ts';

/** Captions from a sound. */
export const words = {
	title: 'Captions',
	command: 'Captions from this sound…',
	noSound: 'Select one card that has a sound',
	text: 'What is said in this sound. Films that it is heard in show it as subtitles, where it is heard.',
	none: 'No captions yet',
	write: 'Write captions from this sound',
	writeText: 'English only, and it makes mistakes: read what it wrote. Nothing leaves your studio.',
	byHand: 'Write them by hand',
	listening: 'Listening',
	cancel: 'Stop',
	open: (n: number) => (n ? 'Correct them' : 'Write captions'),
	has: (n: number) => count(n, 'caption', 'captions'),
	play: (at: string) => `Play from ${at}`,
	stop: 'Stop',
	begins: 'Begins',
	ends: 'Ends',
	words: (n: number) => `Words of caption ${n}`,
	beginsOf: (n: number) => `Caption ${n} begins`,
	endsOf: (n: number) => `Caption ${n} ends`,
	wrongTime: 'Write a time such as 0:01.25, and end after you begin.',
	remove: (n: number) => `Take caption ${n} out`,
	add: 'Add a caption',
	removeAll: 'Remove all',
	save: 'Save',
	saveFile: 'SRT file',
	didWrite: 'Wrote captions',
	did: 'Corrected captions',
	didRemove: 'Removed captions',
	gone: 'This card has no sound any more.'
};
