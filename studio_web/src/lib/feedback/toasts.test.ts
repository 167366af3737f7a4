import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Toasts, type Notice } from './toasts.svelte.ts';

const notice = (id: string, over: Partial<Notice> = {}): Notice => ({
	id,
	tone: 'plain',
	text: id,
	description: '',
	action: null,
	duration: 1000,
	...over
});
const ids = (toasts: Toasts) => toasts.shown.map((one) => one.id);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('takes each away when its time is over', () => {
	const toasts = new Toasts();
	toasts.add(notice('a'));
	toasts.add(notice('b', { duration: 3000 }));
	toasts.add(notice('stays', { duration: 0 }));
	vi.advanceTimersByTime(1001);
	expect(ids(toasts)).toEqual(['b', 'stays']);
	vi.advanceTimersByTime(1_000_000);
	expect(ids(toasts)).toEqual(['stays']);
});

it('shows four at most, the newest', () => {
	const toasts = new Toasts();
	for (const id of ['a', 'b', 'c', 'd', 'e']) toasts.add(notice(id));
	expect(ids(toasts)).toEqual(['b', 'c', 'd', 'e']);
});

it('changes one with the same id, and starts its time anew', () => {
	const toasts = new Toasts();
	toasts.add(notice('a'));
	vi.advanceTimersByTime(900);
	toasts.add(notice('a', { text: 'again' }));
	vi.advanceTimersByTime(900);
	expect(toasts.shown.map((one) => one.text)).toEqual(['again']);
	vi.advanceTimersByTime(101);
	expect(ids(toasts)).toEqual([]);
});

it('lets nothing go while somebody reads', () => {
	const toasts = new Toasts();
	toasts.add(notice('a'));
	toasts.hold();
	toasts.add(notice('b'));
	vi.advanceTimersByTime(10_000);
	expect(ids(toasts)).toEqual(['a', 'b']);
	toasts.release();
	vi.advanceTimersByTime(1001);
	expect(ids(toasts)).toEqual([]);
});

it('forgets that it was held when the last one is closed under the pointer', () => {
	const toasts = new Toasts();
	toasts.add(notice('a'));
	toasts.hold();
	toasts.dismiss('a');
	toasts.add(notice('b'));
	vi.advanceTimersByTime(1001);
	expect(ids(toasts)).toEqual([]);
});
