import { count } from './count.ts';

/** The queue panel's words. */
export const words = {
	title: 'Queue',
	empty: 'Nothing is running or waiting',
	emptyText: 'Shots that you generate show here, with their progress.',
	running: 'Running',
	next: 'Next',
	show: 'Show on the canvas',
	film: 'Film',
	gone: 'Removed card',
	hold: 'Hold the queue',
	goOn: 'Let it go on',
	held: 'The queue is held',
	heldText: 'What runs goes on. Nothing new of this project starts.',
	didHold: 'The queue is held; nothing new starts',
	didGoOn: 'The queue goes on',
	cancelAll: (n: number) => (n === 1 ? 'Cancel the one waiting' : `Cancel all ${n} waiting`),
	cancelSure: (n: number) => `Cancel ${count(n, 'task', 'tasks')} that ${n === 1 ? 'waits' : 'wait'}?`,
	cancelDo: 'Cancel them',
	cancelNot: 'Keep them',
	didCancel: (n: number) => `${count(n, 'task', 'tasks')} canceled`,
	position: (n: number) => `Number ${n}`,
	move: (name: string, at: number, of: number) =>
		`Move ${name}, ${at} of ${of}. Arrow keys move it; Home makes it next.`,
	moveHint: 'Drag, or Alt with the arrow keys',
	didMove: (name: string, at: number, of: number) => `${name} is now ${at} of ${of}`,
	startsNow: 'starts next',
	startsIn: (time: string) => `starts in about ${time}`,
	takes: (time: string) => `takes ${time}`,
	left: (time: string) => `about ${time} left`,
	elapsed: (time: string) => `took ${time}`,
	failed: 'Failed',
	succeeded: 'Done',
	canceled: 'Canceled',
	more: (n: number) => `Show ${n} more`
};
