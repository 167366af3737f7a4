/** Words of a delivery to an editing system; they come with the cut. */

import { bytes } from './storage.ts';

export const delivering = {
	title: 'To an editing system',
	nothing: 'Nothing to deliver yet: no shot of this cut has a take.',
	text: 'One zip for Resolve, Premiere and Avid: a master for every take, with its reel and timecode in it, and the lists that address them.',
	coding: 'Masters',
	codecs: {
		copy: 'As they are',
		prores: 'ProRes 422 HQ',
		dnxhr: 'DNxHR HQ'
	} as Record<string, string>,
	uses: {
		copy: 'Smallest and at once: pictures are not coded again. Resolve on Linux reads no H.264.',
		prores: 'Every picture whole, for Resolve and Premiere.',
		dnxhr: 'Every picture whole, for Avid and Resolve.'
	} as Record<string, string>,
	holds: (masters: number, sounds: number, size: number, free: number) =>
		[
			masters === 1 ? '1 master' : `${masters} masters`,
			sounds ? (sounds === 1 ? '1 sound' : `${sounds} sounds`) : '',
			`about ${bytes(size)}`,
			`${bytes(free)} free`
		]
			.filter(Boolean)
			.join(' · '),
	conformed: (n: number) =>
		n === 1 ? '1 take is brought to the project’s rate' : `${n} takes are brought to the project’s rate`,
	deliver: 'Deliver',
	making: 'Making the delivery',
	cancel: 'Cancel',
	ready: (name: string) => `${name} is ready`,
	saveShort: 'Save',
	save: (name: string) => `Save ${name}`,
	file: (size: number, files: number) => `${bytes(size)} · ${files} files`
};
