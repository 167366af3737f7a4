export const media = {
	noPicture: 'No picture',
	previz: 'PREVIZ',
	previzMeans: 'Made for planning, not a finished picture'
};

export const player = {
	label: (title: string) => `Player: ${title}`,
	play: 'Play',
	pause: 'Pause',
	back: 'One frame back',
	forward: 'One frame forward',
	start: 'To the first frame',
	end: 'To the last frame',
	loop: 'Loop',
	mute: 'Mute',
	unmute: 'Sound on',
	volume: 'Volume',
	fullscreen: 'Full screen',
	leaveFullscreen: 'Leave full screen',
	position: 'Position',
	frame: (n: number) => `Frame ${n}`,
	frames: (n: number) => `${n} frames`,
	shuttle: (speed: number) => `${speed}×`,
	silent: 'No sound',
	failed: 'This video cannot be played',
	failedText: 'The file may have been moved, or its media may not have been fetched yet.',
	keys: 'Space plays, arrows step one frame, J K L shuttle'
};
