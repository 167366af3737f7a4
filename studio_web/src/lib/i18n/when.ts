/** Times as people say them. Pure: now is handed in. */

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
	['year', 31_557_600],
	['month', 2_629_800],
	['week', 604_800],
	['day', 86_400],
	['hour', 3600],
	['minute', 60]
];

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `just now`, `5 minutes ago`, `yesterday`, `3 weeks ago`. */
export function ago(iso: string, now: number): string {
	const seconds = (Date.parse(iso) - now) / 1000;
	if (!Number.isFinite(seconds)) return '';
	for (const [unit, length] of STEPS) {
		if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
	}
	return 'just now';
}

const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** `20 Nov 2026, 13:04`, in the viewer's own time zone. */
export function moment(iso: string): string {
	const time = Date.parse(iso);
	return Number.isFinite(time) ? full.format(time) : '';
}
