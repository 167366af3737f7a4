/**
 * Short words about what just happened, in the corner; the oldest of more than four goes.
 * What a person must not miss belongs into a banner or an `ErrorPanel`.
 */
import type { ErrorBody } from '#lib/api/types.ts';
import { m } from '#lib/i18n/messages.ts';
import { toasts, type ToastTone } from './toasts.svelte.ts';

export interface ToastOptions {
	description?: string;
	action?: { label: string; run: () => void };
	/** Milliseconds; 0 = until it is closed. */
	duration?: number;
	/** The same id again changes the toast instead of adding one. */
	id?: string;
}

const CALM_MS = 4500;
const READING_MS = 9000;

let made = 0;

function show(tone: ToastTone, text: string, options: ToastOptions, ms: number): void {
	const { description = '', action = null, duration = ms, id = `toast-${(made += 1)}` } = options;
	toasts.add({ id, tone, text, description, action, duration });
}

export const toast = {
	show: (text: string, options: ToastOptions = {}) => show('plain', text, options, CALM_MS),
	success: (text: string, options: ToastOptions = {}) => show('success', text, options, CALM_MS),
	warn: (text: string, options: ToastOptions = {}) => show('warn', text, options, READING_MS),
	/** For what can be taken back: stays long enough to think. */
	undo: (text: string, undo: () => void, options: ToastOptions = {}) =>
		show('plain', text, { ...options, action: { label: m.common.undo, run: undo } }, READING_MS),
	/** The sentence and its first step; a repeated failure shows once. */
	error: (body: ErrorBody, options: ToastOptions = {}) => {
		const step = body.remediation[0];
		const id = `${body.error}:${body.message}`;
		show('error', body.message, { id, ...(step ? { description: step } : {}), ...options }, READING_MS);
	},
	dismiss: (id?: string) => (id === undefined ? toasts.clear() : toasts.dismiss(id))
};
