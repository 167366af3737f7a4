import { count } from './count.ts';

const cards = (n: number) => count(n, 'card', 'cards');

export const title = 'Versions';
export const empty = 'No versions yet';
export const emptyText =
	'The canvas is saved as you work, and every save is a version. Give the present one a name to find it again.';
export const loading = 'Reading the versions';
export const keep = 'Keep this state';
export const keepTip = 'Give the canvas as it is now a name';
export const nameTitle = 'Keep this state under a name';
export const nameText =
	'You can look at it and come back to it later, whatever happens to the board until then.';
export const nameLabel = 'Name';
export const nameHint = 'For example: before the recut';
export const nameSave = 'Keep it';
export const kept = (name: string) => `Kept as “${name}”`;
export const by = (author: string, when: string) => (author ? `${author} · ${when}` : when);
export const kinds: Record<string, string> = {
	named: 'Named',
	saved: 'Saved',
	take: 'Take landed',
	film: 'Film rendered',
	alternate: 'Alternate put on the board',
	merged: 'Alternate merged',
	other: 'Other'
};
export const list = 'All versions, newest first';
export const older = 'Show older ones';
export const asNow = 'The board is like this now.';
export const againstNow = 'Compared with the board now';
export const back = (n: number) => `${cards(n)} only in this version`;
export const gone = (n: number) => `${cards(n)} only on the board now`;
export const changed = (n: number) => `${cards(n)} different`;
export const wires = (n: number) => `${count(n, 'wire', 'wires')} different`;
export const picture = (what: string) => `Picture of the board in this version. ${what}`;
export const restore = 'Restore this version';
export const restoreText = 'One step: undo takes it back. Takes stay in the project.';
export const restored = (name: string) => `Restored ${name}`;
export const compare = 'What is different';
export const marks = { back: 'only in this version', gone: 'only now', changed: 'different' } as const;
export const fields = (names: string) => `different: ${names}`;
export const place = 'place';
export const showNow = (name: string) => `Show ${name} on the board`;
export const tryOne = 'Try an alternate';
