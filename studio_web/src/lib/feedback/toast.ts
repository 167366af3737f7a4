/**
 * Short words about what just happened, in the corner. At most four at a time (`Toaster.svelte`), the oldest goes.
 * What a person must not miss belongs into a banner or an `ErrorPanel`.
 */
import { toast as sonner } from 'svelte-sonner';
import type { ErrorBody } from '#lib/api/types.ts';
import { m } from '#lib/i18n/messages.ts';

export interface ToastOptions {
	description?: string;
	action?: { label: string; run: () => void };
	/** Milliseconds; 0 = until it is closed. */
	duration?: number;
	/** The same id again changes the toast instead of adding one. */
	id?: string;
}

type Tone = 'message' | 'success' | 'info' | 'warning' | 'error';

const CALM_MS = 4500;
const READING_MS = 9000;

function show(tone: Tone, text: string, options: ToastOptions, ms: number): void {
	const { description, action, duration = ms, id } = options;
	sonner[tone](text, {
		...(description === undefined ? {} : { description }),
		...(id === undefined ? {} : { id }),
		...(action === undefined ? {} : { action: { label: action.label, onClick: action.run } }),
		duration: duration === 0 ? Number.POSITIVE_INFINITY : duration
	});
}

export const toast = {
	show: (text: string, options: ToastOptions = {}) => show('message', text, options, CALM_MS),
	success: (text: string, options: ToastOptions = {}) => show('success', text, options, CALM_MS),
	warn: (text: string, options: ToastOptions = {}) => show('warning', text, options, READING_MS),
	/** For what can be taken back: stays long enough to think. */
	undo: (text: string, undo: () => void, options: ToastOptions = {}) =>
		show('message', text, { ...options, action: { label: m.common.undo, run: undo } }, READING_MS),
	/** The sentence and its first step; a repeated failure shows once. */
	error: (body: ErrorBody, options: ToastOptions = {}) => {
		const step = body.remediation[0];
		show(
			'error',
			body.message,
			{ id: `${body.error}:${body.message}`, ...(step ? { description: step } : {}), ...options },
			READING_MS
		);
	},
	dismiss: (id?: string) => sonner.dismiss(id)
};
