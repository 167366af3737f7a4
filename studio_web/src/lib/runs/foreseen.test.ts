import { describe, expect, it } from 'vitest';
import type { JobForecast, Range } from '../api/types.ts';
import { foreseen, spoken } from './foreseen.ts';

const range = (low_s: number, high_s: number): Range => ({ low_s, likely_s: (low_s + high_s) / 2, high_s });
const job = (own: Partial<JobForecast>): JobForecast => ({
	node_id: 'n',
	state: 'fits',
	pipeline: 'wan',
	title: 'Wan',
	tier: 'production',
	quality: 'high',
	quality_wished: 'high',
	where: 'the 24 GB card of render-01',
	why: '',
	full: '',
	ahead: 0,
	starts: range(0, 0),
	takes: range(20, 40),
	guess: false,
	credits: 0,
	followed: false,
	warned: false,
	between: null,
	...own
});

describe('a forecast in words', () => {
	it('fits: at once, where, and for how long', () => {
		const one = foreseen(job({}));
		expect(one).toMatchObject({ tone: 'good', head: 'Starts at once', times: 'takes 20–40 s' });
		expect(one.more).toEqual(['On the 24 GB card of render-01.']);
		expect(spoken(one)).toBe('Starts at once, takes 20–40 s. On the 24 GB card of render-01.');
	});

	it('warns of what will be wrong with it where it can be read at once', () => {
		const why = 'No font on the worker writes 霧 in the film’s titles: boxes stand in their place.';
		const one = foreseen(job({ warned: true, why }));
		expect([one.tone, one.head, one.brief, one.more[0]]).toEqual(['warn', 'Starts at once', why, why]);
		expect(foreseen(job({ state: 'no_machine', warned: true, why })).tone).toBe('stop');
	});

	it('tells of the pictures in between that follow', () => {
		const told = (own: Partial<JobForecast>) => foreseen(job({ followed: true, ...own })).more.at(-1);
		expect(told({ between: range(10, 20) })).toBe('Then 10–20 s for pictures in between.');
		expect(told({})).toBe('Then some time for pictures in between.');
	});

	it('waits: how many are ahead and when its turn comes', () => {
		const one = foreseen(job({ state: 'waits', ahead: 3, starts: range(120, 300), guess: true }));
		expect([one.tone, one.head]).toEqual(['wait', 'Waits for a machine']);
		expect(one.times).toBe('3 ahead, starts in 2–5 min · takes 20–40 s, a guess');
		expect(one.brief).toBe('3 ahead, in 2–5 min');
		expect(foreseen(job({ state: 'waits', ahead: 1, starts: range(0, 40) })).times).toContain(
			'starts within 40 s'
		);
		expect(foreseen(job({ state: 'waits', ahead: 1, starts: null })).times).toContain('nobody can say when');
	});

	it('falls back: to what, and why', () => {
		const why = 'No machine with a 24 GB card is there.';
		const lower = foreseen(job({ state: 'falls_back', quality: 'standard', why }));
		expect([lower.tone, lower.head, lower.more[0]]).toEqual(['warn', 'Made at standard instead', why]);
		expect(foreseen(job({ state: 'falls_back', tier: 'previz' })).head).toBe('A draft instead');
	});

	it('no machine: what would be needed', () => {
		const one = foreseen(job({ state: 'no_machine', where: 'a 24 GB card', starts: null }));
		expect([one.tone, one.head, one.times]).toEqual(['stop', 'No machine for it', 'takes 20–40 s']);
		expect(one.more).toEqual(['It needs a 24 GB card.']);
		expect(one.brief).toBe('needs a 24 GB card');
	});

	it('a full queue warns, whatever else', () => {
		const full = 'The queue is full: 9 wait for the one machine already.';
		const one = foreseen(job({ state: 'waits', ahead: 9, starts: range(900, 1200), full }));
		expect([one.tone, one.head, one.more[0]]).toEqual(['warn', 'The queue is full', full]);
	});

	it('refused: only the words of the refusal; cost only where there is one', () => {
		const why = 'Shot 010 needs “Prompt”.';
		const one = foreseen(job({ state: 'refused', where: '', takes: null, why }));
		expect(one).toMatchObject({ tone: 'stop', head: 'Cannot be made yet', times: '', more: [why] });
		expect(foreseen(job({ credits: 2 })).more).toContain('Costs 2 credits.');
	});
});
