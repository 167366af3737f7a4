/** Puts text on the clipboard. Also on plain-http addresses in a studio's own network, where the new API is shut. */
export async function copyText(text: string): Promise<boolean> {
	if (navigator.clipboard && window.isSecureContext) {
		try {
			await navigator.clipboard.writeText(text);
			return true;
		} catch {
			return copyBySelection(text);
		}
	}
	return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
	const area = document.createElement('textarea');
	area.value = text;
	area.setAttribute('readonly', '');
	area.className = 'sr-only';
	const before = document.activeElement;
	// Inside an open dialog the focus is kept there: the field must be in it too.
	(before?.closest('[role="dialog"]') ?? document.body).append(area);
	area.select();
	const done = document.execCommand('copy');
	area.remove();
	if (before instanceof HTMLElement) before.focus();
	return done;
}
