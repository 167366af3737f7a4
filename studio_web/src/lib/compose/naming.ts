/** What a recording is called: `Recording 2026-11-20 14-03-05.webm`. Pure; the browser says what it recorded. */
export function recordingName(word: string, mime: string, at = new Date()): string {
	const ending = mime.includes('mp4') ? 'm4a' : mime.includes('ogg') ? 'ogg' : 'webm';
	const two = (n: number) => String(n).padStart(2, '0');
	const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
	return `${word} ${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('-')}.${ending}`;
}
