/** How many runs of this person have ended while nobody looked at the page; the title of its tab says so. */
class Unseen {
	count = $state(0);

	get mark(): string {
		return this.count ? `(${this.count}) ` : '';
	}
}

export const unseen = new Unseen();
