/** The project on a small screen. */
export const phoneWords = {
	parts: 'Parts of the project',
	outline: 'Outline',
	review: 'Review',
	queue: 'Queue',
	board: 'Board',
	toReview: (n: number) => (n === 1 ? '1 take to review' : `${n} takes to review`),
	back: 'Back to the outline'
};

export const reviewWords = {
	title: 'Review',
	left: (at: number, of: number) => `${at} of ${of}`,
	undecided: 'Undecided',
	all: 'All takes',
	which: 'Which takes',
	nothing: 'Every take is decided',
	nothingText: 'New takes come here when they land. “All takes” shows those that were decided.',
	none: 'No takes yet',
	noneText: 'Generate a shot in the outline; its takes come here to be looked at.',
	use: 'Put in the cut',
	inCut: 'In the cut',
	star: 'Keep',
	starred: 'Kept',
	reject: 'Reject',
	rejected: 'Rejected',
	previous: 'Previous',
	next: 'Next'
};
