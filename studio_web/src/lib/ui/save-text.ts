/** Hands a text to the person as a file. */
export function saveText(name: string, text: string): void {
	saveFile(name, new Blob([text], { type: 'application/json' }));
}

/** Hands anything that was made in the page to the person as a file. */
export function saveFile(name: string, file: Blob): void {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(file);
	link.download = name;
	link.click();
	// The browser has taken the file up when the click is over; some read its address a moment later.
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
