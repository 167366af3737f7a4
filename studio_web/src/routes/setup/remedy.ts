/** Takes a remedy apart: words, and the commands between back-ticks, which a person will want to copy. Pure. */
export interface RemedyPart {
	text: string;
	command: boolean;
}

const COMMAND_START = /^(sudo|apt|apt-get|brew|git|make|npm|uv|pip|docker|export|chmod|systemctl)\s/;

/** A remedy without back-ticks that is itself a command counts as one. */
export function remedyParts(remedy: string): RemedyPart[] {
	const whole = remedy.trim();
	if (!whole.includes('`') && COMMAND_START.test(whole)) return [{ text: whole, command: true }];
	return whole
		.split('`')
		.map((text, index) => ({ text: text.trim(), command: index % 2 === 1 }))
		.filter((part) => part.text !== '' && !/^[.,;:)]+$/.test(part.text));
}
