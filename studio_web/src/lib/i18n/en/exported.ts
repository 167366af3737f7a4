/** What the files of an export are called and for; they come with the export. */

export const exported = {
	picture: {
		kind: 'Picture list (EDL)',
		use: 'CMX3600, the cut of the pictures. Resolve, Premiere and Avid read it.'
	},
	sound: {
		kind: 'Sound list (EDL)',
		use: 'The sound of the takes on A1 and A2. Import it after the picture list.'
	},
	laid: {
		kind: 'Voices and music (EDL)',
		use: 'A pair of tracks of its own. Import it to a new track.'
	},
	markers: {
		kind: 'Markers',
		use: 'As a list for Resolve (Timeline Markers from EDL) and as a table.'
	},
	otio: {
		kind: 'OpenTimelineIO',
		use: 'Picture and sound in one file with full names. Take this where your program reads it.'
	},
	xml: {
		kind: 'Final Cut Pro 7 XML',
		use: 'For programs that read no OpenTimelineIO, such as older versions of Premiere.'
	},
	fcpxml: {
		kind: 'FCPXML',
		use: 'For Final Cut Pro, with dissolves, fades, sound and markers.'
	},
	file32: {
		kind: 'Picture list, File 32 (EDL)',
		use: 'Reels are the files’ own names. For Resolve with “reel = source clip filename”.'
	},
	preconform: {
		kind: 'Preconformed list (EDL)',
		use: 'Cuts the rendered film into its shots, without linking any take.'
	},
	aaf: {
		kind: 'AAF (experimental)',
		use: 'The sequence for Avid, without media. No Avid has opened one yet; the EDL with the ALE is the sure way.'
	},
	ale: { kind: 'Avid Log Exchange', use: 'The takes for an Avid bin, with their reels.' },
	reels: { kind: 'Reels (CSV)', use: 'Which file each reel is, for people.' },
	subtitles: { kind: 'Subtitles', use: 'What the dialogue cards say.' },
	other: { kind: 'Further file', use: 'Written beside the lists.' },
	part: (kind: string, n: number) => `${kind}, part ${n}`,
	partUse: (n: number) => `Goes on where part ${n} ends; the timecode runs through.`
};
