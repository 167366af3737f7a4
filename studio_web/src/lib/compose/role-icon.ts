import AudioLines from '@lucide/svelte/icons/audio-lines';
import Film from '@lucide/svelte/icons/film';
import ImagePlus from '@lucide/svelte/icons/image-plus';
import Images from '@lucide/svelte/icons/images';
import PersonStanding from '@lucide/svelte/icons/person-standing';
import type { Role } from './roles.ts';

/** The sign of each chip. */
export const roleIcon: Readonly<Record<Role, typeof Film>> = {
	'ground-truth': ImagePlus,
	reference: Images,
	'pose-sheet': PersonStanding,
	audio: AudioLines,
	motion: Film
};
