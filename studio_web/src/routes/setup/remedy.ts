/** Takes a remedy apart: words, and the commands between back-ticks, which a person will want to copy. Pure. */
export interface RemedyPart {
	text: string;
	command: boolean;
	/** Punctuation right behind a command, so that a full stop never starts a line. */
	after?: string;
}

const COMMAND_START = /^(sudo|apt|apt-get|brew|git|make|npm|uv|pip|docker|export|chmod|systemctl)\s/;

/** A remedy without back-ticks that is itself a command counts as one. */
export function remedyParts(remedy: string): RemedyPart[] {
	const whole = remedy.trim();
	if (!whole.includes('`') && COMMAND_START.test(whole)) return [{ text: whole, command: true }];
	const parts: RemedyPart[] = [];
	for (const [index, piece] of whole.split('`').entries()) {
		const before = parts.at(-1);
		if (index % 2 === 1) {
			parts.push({ text: piece, command: true });
			continue;
		}
		const after = before?.command ? (/^[.,;:!?)\]]+/.exec(piece)?.[0] ?? '') : '';
		if (before && after) before.after = after;
		if (piece.length > after.length) parts.push({ text: piece.slice(after.length), command: false });
	}
	return parts;
}
