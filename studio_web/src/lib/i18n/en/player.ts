/** Words of the player; they come with it. */

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
	sound: 'The sound of this take',
	soundComes: 'Reading the sound',
	soundFailed: 'The sound could not be drawn',
	soundless: 'This take has no sound',
	quiet: 'Its sound is silence',
	markIn: 'Mark in: starts here',
	markOut: 'Mark out: ends here',
	marked: (first: string | number, last: string | number, length: string) => `${first} – ${last} (${length})`,
	inFrames: 'Count in frames',
	inTimecode: 'Count in timecode',
	help: 'Keys of the player',
	silent: 'No sound',
	failed: 'This video cannot be played',
	failedText: 'The file may have been moved, or its media may not have been fetched yet.',
	keys: 'Space plays, arrows step one frame, J K L shuttle, question mark shows all keys'
};

export const playerKeys = {
	title: 'Keys of the player',
	lines: [
		{ text: 'Play, pause', keys: ['Space', 'K'] },
		{ text: 'Back, forward; again for faster', keys: ['J', 'L'] },
		{ text: 'One frame', keys: ['Left', 'Right'] },
		{ text: 'One frame, the other hand', keys: [',', '.'] },
		{ text: 'Ten frames', keys: ['Shift+Left', 'Shift+Right'] },
		{ text: 'First and last frame', keys: ['Home', 'End'] },
		{ text: 'Mark in, mark out', keys: ['I', 'O'], marks: true },
		{ text: 'Take a mark away', keys: ['Alt+I', 'Alt+O'], marks: true },
		{ text: 'Go to a mark', keys: ['Shift+I', 'Shift+O'], marks: true },
		{ text: 'Star, reject', keys: ['S', 'X'], marks: true },
		{ text: 'Take before, after', keys: ['[', ']'], marks: true },
		{ text: 'Sound on, off', keys: ['M'] },
		{ text: 'Count in frames, in timecode', keys: ['T'] },
		{ text: 'Full screen', keys: ['F'] }
	] as readonly { text: string; keys: readonly string[]; marks?: boolean }[]
};
