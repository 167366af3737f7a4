import { beforeEach, expect, it } from 'vitest';
import { toasts } from '../feedback/toasts.svelte.ts';
import { News } from './news.ts';

const notice = (message: string, level: 'info' | 'warning' = 'info') => ({
	event: 'server:notice' as const,
	revision: 1,
	at: '',
	actor: 'studio',
	op_id: null,
	level,
	message,
	node_id: 'n1'
});

beforeEach(() => toasts.clear());

it('tells a notice once, however many shots it is about', () => {
	const news = new News();
	news.notice(notice('High runs as standard here'));
	toasts.dismiss('High runs as standard here');
	news.notice(notice('High runs as standard here'));
	expect(toasts.shown).toEqual([]);
	news.notice(notice('The disk is nearly full', 'warning'));
	expect(toasts.shown.map((one) => [one.tone, one.text])).toEqual([['warn', 'The disk is nearly full']]);
});
