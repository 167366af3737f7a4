/** How many runs of this person have ended while nobody looked at the page; the title of its tab says so. */
let count = 0;

const MARK = /^\(\d+\) /;

export function oneMore(): void {
	count += 1;
	document.title = `(${count}) ${document.title.replace(MARK, '')}`;
}

document.addEventListener('visibilitychange', () => {
	if (document.hidden || !count) return;
	count = 0;
	document.title = document.title.replace(MARK, '');
});
