import { describe, expect, it } from 'vitest';
import type { Project } from '#lib/api/types.ts';
import { isOrder, listed } from './project-list.ts';

const project = (
	id: string,
	title: string,
	updated: string,
	created = updated,
	description = ''
): Project => ({
	id,
	title,
	description,
	name: id,
	slug: id,
	path: `/films/${id}`,
	aspect_ratio: '16:9',
	width: 1280,
	height: 720,
	frame_rate: '24/1',
	quality: 'standard',
	version: 1,
	revision: 1,
	created_at: created,
	updated_at: updated,
	poster_url: null,
	shot_count: 0,
	take_count: 0,
	queue_paused: false,
	alternate: null,
	when_full: 'fallback',
	engines: [],
	other_rates: 'repeat',
	state: { ok: true }
});

const films = [
	project('a', 'Été à la mer', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'),
	project('b', 'Reel 10', '2026-01-03T00:00:00Z', '2025-01-01T00:00:00Z', 'harbour at dawn'),
	project('c', 'reel 2', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z')
];
const ids = (search: string, order: 'recent' | 'title' | 'created' = 'recent') =>
	listed(films, search, order).map((film) => film.id);

describe('listed', () => {
	it('puts the last work first', () => expect(ids('')).toEqual(['b', 'a', 'c']));
	it('sorts titles as people do, numbers as numbers', () =>
		expect(ids('', 'title')).toEqual(['a', 'c', 'b']));
	it('puts the newest project first', () => expect(ids('', 'created')).toEqual(['c', 'a', 'b']));
	it('finds without accents and case', () => expect(ids('ETE mer')).toEqual(['a']));
	it('looks at descriptions', () => expect(ids('dawn reel')).toEqual(['b']));
	it('wants every word', () => expect(ids('reel mer')).toEqual([]));
	it('leaves the list that it is given alone', () => {
		const before = films.map((film) => film.id);
		ids('', 'title');
		expect(films.map((film) => film.id)).toEqual(before);
	});
});

it('knows an order from a stranger', () => {
	expect(isOrder('title')).toBe(true);
	expect(isOrder('size')).toBe(false);
	expect(isOrder(null)).toBe(false);
});
