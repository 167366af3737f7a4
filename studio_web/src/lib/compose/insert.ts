/** A film word put into a prompt where the caret is, with the comma that belongs there. Pure. */

export interface Inserted {
	text: string;
	caret: number;
}

export function insertWord(text: string, word: string, from: number, to: number): Inserted {
	const before = text.slice(0, from).trimEnd();
	const after = text.slice(to).trimStart();
	const head = before === '' ? '' : /[,;:—–-]$/.test(before) ? ' ' : /[.!?]$/.test(before) ? ' ' : ', ';
	const opening = before === '' || /[.!?]$/.test(before);
	const put = opening ? word.charAt(0).toUpperCase() + word.slice(1) : word;
	const tail = after === '' || /^[,.;:!?]/.test(after) ? after : `, ${after}`;
	const done = before + head + put;
	return { text: done + tail, caret: done.length };
}
