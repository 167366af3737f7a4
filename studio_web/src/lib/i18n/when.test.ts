import { expect, it } from 'vitest';
import { ago, moment } from './when.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

it.each([
	['2026-11-20T11:59:40Z', 'just now'],
	['2026-11-20T12:00:30Z', 'just now'],
	['2026-11-20T11:55:00Z', '5 minutes ago'],
	['2026-11-20T09:00:00Z', '3 hours ago'],
	['2026-11-19T10:00:00Z', 'yesterday'],
	['2026-11-01T12:00:00Z', '2 weeks ago'],
	['2024-11-01T12:00:00Z', '2 years ago'],
	['nonsense', '']
])('says %s as %j', (iso, words) => {
	expect(ago(iso, now)).toBe(words);
});

it('says nothing about a time that is none', () => {
	expect(moment('')).toBe('');
});
