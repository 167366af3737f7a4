/** Words of the cut: the film played across its takes, and its strip. They come with it. */

export const cutting = {
	title: (name: string) => `The cut: ${name}`,
	open: 'Open the cut',
	empty: 'Nothing is in the cut yet',
	emptyText: 'Wire shots into the assembler. They play here at once, as slates until their takes exist.',
	loading: 'Reading the cut',
	stage: 'The film as it stands',
	keys: 'Space plays, J K L shuttle, arrows step one frame, Up and Down go to the cut before and after, M sets a marker',
	strip: 'The cut as a strip',
	list: 'The cut as a list',
	position: 'Position in the film',
	slate: 'Waits for its take',
	slates: (n: number) => (n === 1 ? '1 shot is a slate' : `${n} shots are slates`),
	play: 'Play',
	pause: 'Pause',
	before: 'To the cut before',
	after: 'To the cut after',
	start: 'To the beginning',
	end: 'To the end',
	zoomIn: 'Larger',
	zoomOut: 'Smaller',
	fit: 'The whole film',
	subtitles: 'Subtitles',
	shuttle: (speed: number) => `${speed}×`,
	length: (shots: number, time: string) => `${shots === 1 ? '1 shot' : `${shots} shots`} · ${time}`,
	clip: (shot: string, scene: string, time: string) => `${shot}, scene ${scene}, ${time} long`,
	trimIn: (shot: string) => `Trim the beginning of ${shot}`,
	trimOut: (shot: string) => `Trim the end of ${shot}`,
	didTrim: (shot: string) => `Trimmed ${shot}`,
	didMove: (shot: string, place: number) => `${shot} is now shot ${place} of the cut`,
	enters: 'Comes in by',
	leaves: 'Goes out by',
	ways: { cut: 'Cut', dissolve: 'Dissolve', fade: 'Fade' } as Record<string, string>,
	frames: 'frames',
	lasts: 'How long, in frames',
	over: 'Title over the picture',
	didSet: (shot: string, what: string) => `${shot}: ${what}`,
	earlier: 'Earlier',
	later: 'Later',
	board: 'Show on the board',
	whole: 'The whole take',
	failed: 'This take cannot be played',
	noTake: 'No take yet',
	notes: 'Good to know',
	warnings: 'What would be wrong with the film now',
	marker: 'Marker',
	markerSays: 'What the marker says',
	markerAt: (text: string, time: string) => `Marker at ${time}: ${text}`,
	didMark: (shot: string) => `Marked ${shot}`,
	unmark: 'Take the marker away',
	didUnmark: (shot: string) => `Took a marker of ${shot} away`,
	sounds: 'Voices and music',
	sound: (name: string, level: string, frame: number) => `${name} ${level}, from frame ${frame}`,
	soundKinds: {
		music: 'Music: steps back while somebody speaks',
		voice: 'Voice: music steps back under it'
	} as Record<string, string>,
	startsWith: 'Starts with',
	theFilm: 'The film',
	soundAt: 'After',
	soundSkip: 'Leaves out',
	soundGain: 'Level',
	soundFadeIn: 'Fade in',
	soundFadeOut: 'Fade out',
	didShift: (name: string) => `Moved ${name}`,
	loudness: 'Loudness of the film',
	targets: {
		'16': '−16 LUFS, the web',
		'14': '−14 LUFS, platforms',
		'23': '−23 LUFS, television',
		off: 'As mixed'
	} as Record<string, string>,
	didLoudness: (target: string) => `Loudness: ${target}`,
	ducking: 'Music steps back by',
	didDucking: (decibels: number) => `Music steps back by ${decibels} dB`,
	inFilm: 'Heard in the rendered film',
	columns: { shot: 'Shot', record: 'In the film', length: 'Length' }
};

export const between = {
	title: 'Takes of another frame rate',
	says: (shot: string, frames: number, native: string, fills: number, rate: string, repeats: boolean) =>
		`${shot}: ${frames} frames at ${native} fill ${fills} at ${rate} by ${repeats ? 'repeating' : 'dropping'} frames.`,
	many: (n: number) =>
		n === 1
			? '1 shot of the cut has a take of another frame rate.'
			: `${n} shots of the cut have takes of another frame rate.`,
	make: 'Make pictures in between',
	all: (n: number) => `For all ${n} shots`,
	making: 'Pictures in between are being made',
	makingOthers: (n: number, own: boolean) =>
		`${own ? 'also' : 'Being made'} for ${n === 1 ? '1 other shot' : `${n} other shots`}`,
	stop: (shot: string) => `Stop the pictures in between of ${shot}`,
	failed: (why: string) => `The last try came to nothing: ${why}`,
	of: (shot: string, made: string) => `${shot}: ${made}.`,
	ordered: (n: number) =>
		n === 1 ? 'Pictures in between are ordered' : `Pictures in between of ${n} shots are ordered`,
	shown: (n: number) =>
		n === 1 ? 'They were made before: the shot shows them again' : `${n} shots show those made before`
};

export const made = {
	label: 'The film is made for',
	presets: {
		project: 'The project',
		youtube: 'YouTube',
		vertical: 'TikTok, Reels (9:16)',
		square: 'Square (1:1)',
		prores: 'Master, ProRes 422 HQ',
		dnxhr: 'Master, DNxHR HQ',
		reference: 'Reference, timecode in the picture'
	} as Record<string, string>,
	uses: {
		project: 'MP4 in the project’s size. What nothing touches is copied.',
		youtube: 'MP4, 1920×1080, −14 LUFS.',
		vertical: 'MP4, 1080×1920, −14 LUFS.',
		square: 'MP4, 1080×1080, −14 LUFS.',
		prores: 'QuickTime, every picture whole, PCM sound, −23 LUFS, record timecode in the file.',
		dnxhr: 'QuickTime, every picture whole, PCM sound, −23 LUFS, record timecode in the file.',
		reference: 'MP4 with record timecode, shot, take and frame along its foot.'
	} as Record<string, string>,
	framing: 'Another shape',
	framings: { fit: 'Whole picture, bars', fill: 'Its middle, no bars' } as Record<string, string>,
	reframed: (framing: string, narrower: boolean, share: number) => {
		const percent = Math.round(share * 100);
		if (framing === 'fill')
			return `${percent} % of the picture’s ${narrower ? 'width' : 'height'} is kept, its middle.`;
		return `The picture fills ${percent} % of the film’s ${narrower ? 'height' : 'width'}; the rest is black.`;
	},
	didChoose: (what: string) => `The film is made for: ${what}`
};

export const recut = {
	title: 'A cut that comes back',
	choose: 'Bring in a recut',
	text: 'An EDL, OTIO, FCPXML or Final Cut Pro 7 XML from your editor. You see what it changes before anything does.',
	summary: (changed: number, same: number) =>
		`${changed === 1 ? '1 shot differs' : `${changed} shots differ`}, ${same} as ${same === 1 ? 'it was' : 'they were'}`,
	nothing: 'This list is the cut as it stands.',
	take: 'Take it over',
	leave: 'Leave it',
	label: 'Taken over: an editor’s cut',
	done: (name: string) => `The cut is now that of ${name}. Undo takes it back.`,
	lengthen: (seconds: number) => `Ask for ${seconds} s`,
	didLengthen: (shot: string, seconds: number) => `${shot} is to be ${seconds} s long`,
	kinds: {
		same: 'Moved',
		changed: 'Changed',
		replaced: 'Other take',
		longer: 'Too short',
		removed: 'Left out',
		unknown: 'Unknown',
		repeated: 'Twice'
	} as Record<string, string>
};
