/** The end of a run that nobody watched: what the system is told, and the settings for it. */

export const endWords = {
	oneLanded: (name: string) => `${name} is done`,
	oneFailed: (name: string) => `${name} has failed`,
	ended: (landed: number, failed: number) =>
		failed ? `${landed} done, ${failed} failed` : `${landed} takes are done`,
	text: 'When a run that you started ends while you look at something else. The title of the tab counts them in any case.',
	notice: 'Notification of the system',
	noticeText: 'With the shot’s name and what became of it. Your browser asks you for permission once.',
	denied:
		'Your browser does not let this page notify you. Allow notifications in its settings for this site, then switch it on here.',
	missing: 'This browser knows no notifications, or only for pages that are encrypted (https).',
	sound: 'Sound',
	soundText: 'Two notes, upwards when all went well.',
	hear: 'Hear it'
};
