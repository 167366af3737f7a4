export const media = {
	noPicture: 'No picture',
	previz: 'PREVIZ',
	previzMeans: 'Made for planning, not a finished picture'
};

/** What every strip of sound on the board needs; the rest of the player's words come with it (player.ts). */
export const player = {
	play: 'Play',
	pause: 'Pause',
	position: 'Position',
	failed: 'This video cannot be played'
};
