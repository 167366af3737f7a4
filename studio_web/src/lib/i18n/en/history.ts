import { count } from './count.ts';

export const title = 'History';
export const anotherLog =
	'The project was rebuilt since you were here last: earlier steps can no longer be taken back.';
export const wished = 'What you asked for before the page was reloaded is ready.';
export const steps = 'Your steps';
export const empty = 'Nothing to take back yet';
export const emptyText =
	'What you do on this board is listed here. Takes and the work of others are never taken back.';
export const undone = 'Taken back';
export const done = 'Done, newest first';
export const now = 'The board now';
export const opened = 'As you found it';
export const backTo = (label: string) => `Back to: ${label}`;
export const forwardTo = (label: string) => `Do again up to: ${label}`;
export const backToStart = 'Back to how you found it';
export const went = (n: number, forward: boolean) =>
	`${count(n, 'step', 'steps')} ${forward ? 'done again' : 'taken back'}`;
export const hint = 'Only your own steps. They stay after a reload.';
