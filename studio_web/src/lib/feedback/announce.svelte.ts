/**
 * The page's one live region: what changed, said aloud. Shown by `Announcer.svelte` in the layout.
 * For things a person who looks at the page sees anyway ("Shot 010, take 3 finished").
 */
class Announcer {
	polite = $state('');
	assertive = $state('');

	say(text: string, urgent: boolean): void {
		// A region only speaks when its text changes; the same sentence twice gets an invisible difference.
		const mark = '\u200b';
		if (urgent) this.assertive = this.assertive === text ? text + mark : text;
		else this.polite = this.polite === text ? text + mark : text;
	}
}

export const announcer = new Announcer();

export function announce(text: string, { urgent = false }: { urgent?: boolean } = {}): void {
	announcer.say(text, urgent);
}
