import { count } from './count.ts';

/** The composer's words. No graph words and no names of models: this is for people who direct, not for who builds. */
export const words = {
	title: 'Compose',
	modeLabel: 'What to make',
	modes: { animate: 'Animate', audio: 'Audio performance' },
	modeHints: {
		animate: 'A picture begins to move: by your words, and by a clip to follow where you have one.',
		audio: 'A picture performs to a voice or to music.'
	},
	attachments: 'Pictures, sound and clips',
	roles: {
		'ground-truth': {
			title: 'Ground truth',
			hint: 'The picture it starts from, and what your character looks like'
		},
		reference: { title: 'References', hint: 'Pictures that show the look, the place or the costume' },
		'pose-sheet': { title: 'Pose sheets', hint: 'Poses as a loose guide, not frame by frame' },
		audio: { title: 'Audio', hint: 'The voice or music it performs to' },
		motion: { title: 'Motion video', hint: 'A clip whose movement it follows' }
	},
	notUsed: 'What is installed here makes no use of it',
	add: (title: string) => `Add ${title}`,
	another: (title: string) => `Add another: ${title}`,
	replace: (title: string) => `Replace ${title}`,
	remove: (name: string) => `Remove ${name}`,
	crop: 'Crop',
	cropOf: (name: string) => `Crop ${name}`,
	upload: 'Upload a file…',
	choose: 'Choose from the project…',
	record: 'Record with the microphone…',
	uploading: (name: string, percent: number) =>
		percent < 100 ? `${name}: uploading, ${percent} %` : `${name}: checking the file`,
	stopUpload: (name: string) => `Stop uploading ${name}`,
	attached: (name: string, role: string) => `${name} is attached as ${role}`,
	wrongKind: (name: string, is: string, role: string, wanted: string) =>
		`“${name}” is ${is}, and ${role} takes ${wanted}.`,
	kinds: { image: 'a picture', video: 'a clip', audio: 'sound' } as Record<string, string>,
	noPlace: (name: string) => `There is no place for “${name}” here.`,
	dropHere: 'Drop to attach',
	prompt: 'Prompt',
	promptHint: {
		animate: 'What happens in the shot? A woman turns from the window, rain behind her…',
		audio: 'How is it performed? She speaks softly, looks away at the end…'
	},
	keywords: 'Film words',
	keywordGroups: [
		[
			'Shot size',
			[
				'extreme wide shot',
				'wide shot',
				'full shot',
				'medium shot',
				'medium close-up',
				'close-up',
				'extreme close-up',
				'over the shoulder'
			]
		],
		[
			'Camera',
			[
				'slow push in',
				'pull back',
				'pan left',
				'pan right',
				'tilt up',
				'tilt down',
				'tracking shot',
				'handheld',
				'locked off',
				'low angle',
				'high angle'
			]
		],
		[
			'Light',
			[
				'golden hour',
				'blue hour',
				'overcast',
				'hard noon sun',
				'candlelight',
				'neon at night',
				'backlit',
				'soft window light',
				'low key'
			]
		],
		[
			'Lens',
			[
				'shallow focus',
				'deep focus',
				'wide-angle lens',
				'long lens',
				'anamorphic',
				'slow motion',
				'film grain'
			]
		]
	] as [string, string[]][],
	aspect: 'Picture',
	aspectOfFilm: 'The shape is that of the whole film.',
	aspectAsk: 'Change the shape of the film?',
	aspectText: (to: string, takes: number) =>
		`New takes are made in ${to}. The ${count(takes, 'take', 'takes')} there ${takes === 1 ? 'is' : 'are'} kept as ${takes === 1 ? 'it is' : 'they are'}, and the film shows ${takes === 1 ? 'it' : 'them'} with bars.`,
	aspectDo: (to: string) => `Make it ${to}`,
	aspectDone: (to: string) => `The film is ${to} from now on`,
	quality: 'Quality',
	qualityHint: 'For everything made from now on, on the canvas too.',
	advanced: 'Advanced',
	seed: 'Seed',
	seedKept: (seed: number) => `Seed ${seed} is kept`,
	seedFree: 'Let the seed go',
	cannot: 'What it cannot do',
	drafts: 'Made as a draft for planning (previz) on this machine.',
	generate: 'Generate',
	target: 'Makes',
	newShot: 'A new shot',
	anotherTake: (shot: string) => `Another take of ${shot}`,
	targetHint: 'The same pictures and sound make another take; other ones a new shot.',
	clear: 'Start over',
	composed: (shot: string) => `Composed ${shot}`,
	started: (shot: string) => `${shot} is on its way`,
	aShot: 'a shot',
	ready: 'Ready',
	checks: 'Before you generate',
	problems: {
		offline: 'The studio is not connected. What you put together is kept.',
		uploading: 'A file is still on its way.',
		nobody: (mode: string) => `Nothing is installed here that makes “${mode}”.`,
		waits: 'Nothing can make this right now. It waits in the queue until a worker is there.',
		missing: (title: string) => `${title} is missing.`,
		onCanvas: (label: string) => `“${label}” is needed too, and can only be given on the canvas.`,
		noWords: 'Say what happens in the shot.',
		nothing: 'Add a picture, or say what happens in the shot.',
		tooLong: (is: number, most: number) => `The prompt has ${is} characters; ${most} is the most.`,
		noPicture: 'Without a ground truth picture it is made from your words alone.',
		unused: (title: string) => `${title}: what is installed here makes no use of it.`,
		tiny: (size: string, least: number) =>
			`The picture is only ${size}. Both sides need ${least} pixels; take a larger one.`,
		soft: (size: string, frame: string) =>
			`The picture is ${size}, smaller than the film (${frame}): it will look soft.`,
		shape: 'The picture has another shape than the film. Crop it to choose what is seen.'
	},
	toSetup: 'Open setup',
	runs: 'Runs',
	noRuns: 'Nothing made yet',
	noRunsText: 'What you generate shows here, newest first, and is a shot on the canvas.',
	more: (n: number) => `Show ${n} more`,
	runOf: (shot: string) => `Run: ${shot}`,
	byHand: 'Put into the folder by hand: nobody wrote down how it was made.',
	goneShot: 'Removed shot',
	useAgain: 'Use again',
	usedAgain: (shot: string) => `The settings of ${shot} are back`,
	lost: (names: string) => `No longer in the project: ${names}`,
	noRecipe: 'Nobody wrote down how this take was made',
	openOnCanvas: 'Open on canvas',
	download: 'Download',
	inFilm: 'This is the take in the film',
	useInFilm: 'Use this take in the film',
	cropTitle: 'Crop to the shape of the film',
	cropText: 'Drag the picture, or use the arrow keys. The original stays in the project.',
	cropZoom: 'Zoom',
	cropCentre: 'Centre',
	cropDo: 'Use this part',
	cropFailed: 'The picture could not be cropped. Try another browser or file.',
	cropFrame: 'Part of the picture that is used',
	pickTitle: (title: string) => `Choose: ${title}`,
	pickText: 'Files that are in the project already.',
	pickNone: 'Nothing of this kind yet',
	pickNoneText: 'Upload a file; it is then here for the next time.',
	pickSearch: 'Search the files',
	recordTitle: 'Record',
	recordText: 'Your voice becomes a file of the project.',
	recordStart: 'Start recording',
	recordStop: 'Stop',
	recordUse: 'Use this recording',
	recordAgain: 'Record again',
	recording: (time: string) => `Recording, ${time}`,
	recordName: 'Recording',
	recordErrors: {
		NotAllowedError:
			'The browser does not let the studio use the microphone. Allow it beside the address, then try again.',
		NotFoundError: 'There is no microphone on this machine. Plug one in, or upload a file.',
		NotReadableError: 'Another program holds the microphone. Close it, then try again.',
		other: 'The microphone cannot be used here. Upload a file instead.'
	} as Record<string, string>
};
