import { expect, it } from 'vitest';
import { remedyParts } from './remedy.ts';

it('takes commands out of the words', () => {
	expect(
		remedyParts('Install Git LFS: `sudo apt-get install git-lfs` (macOS: `brew install git-lfs`).')
	).toEqual([
		{ text: 'Install Git LFS: ', command: false },
		{ text: 'sudo apt-get install git-lfs', command: true },
		{ text: ' (macOS: ', command: false },
		{ text: 'brew install git-lfs', command: true, after: ').' }
	]);
});

it('knows a bare command', () => {
	expect(remedyParts('sudo apt-get install ffmpeg')).toEqual([
		{ text: 'sudo apt-get install ffmpeg', command: true }
	]);
});

it('leaves plain words plain', () => {
	expect(remedyParts('Free space on the disk.')).toEqual([
		{ text: 'Free space on the disk.', command: false }
	]);
});
