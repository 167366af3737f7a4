import { madeHere } from '../api/client.ts';

/** What a file of the desktop is taken for, and what is said of one that a card does not take. */

export const wrongKind = (name: string, is: string, wanted: string) =>
	madeHere(
		'UNSUPPORTED_MEDIA',
		`“${name}” is ${is === 'audio' ? 'sound' : `a ${is}`}, and this card takes ${wanted}.`,
		['Drop it on the empty board: the right node is made for it.']
	);

/** The node type a dropped file becomes, by what the desktop says it is; the studio looks at the bytes. */
export function typeFor(file: File): 'asset' | 'audio' {
	return file.type.startsWith('audio/') || /\.(wav|mp3|flac|ogg|m4a|aac|aiff?)$/i.test(file.name)
		? 'audio'
		: 'asset';
}

export const stem = (name: string): string => name.replace(/\.[^.]{1,8}$/, '') || name;
