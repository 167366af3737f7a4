import type { JobForecast, Range } from '../api/types.ts';
import { qualityNames, words } from '#words/forecast.ts';
import { about, between, SOON_S } from './line-up.ts';

/** A forecast in words: one line for a card, the rest for whoever wants to know more. Pure. */

export type Tone = 'good' | 'wait' | 'warn' | 'stop';

export interface Foreseen {
	tone: Tone;
	/** What becomes of it. */
	head: string;
	/** When it starts and how long it takes. */
	times: string;
	/** What matters most beside the head, short enough for a card. */
	brief: string;
	/** Where, why, what it costs: whole sentences. */
	more: string[];
}

const tones: Record<string, Tone> = {
	fits: 'good',
	waits: 'wait',
	falls_back: 'warn',
	no_machine: 'stop',
	held: 'stop',
	refused: 'stop'
};

export function foreseen(job: JobForecast): Foreseen {
	const starts = startOf(job);
	const parts = [starts, lastsOf(job)].filter(Boolean);
	const needs = job.state === 'no_machine' && job.where ? words.needs(job.where) : '';
	const more = [
		job.why,
		job.full,
		needs || (job.where && job.state !== 'refused' ? words.on(job.where) : ''),
		job.followed ? words.between(job.between ? between(job.between) : '') : '',
		job.credits ? words.costs(job.credits) : '',
		job.guess && job.takes ? words.guessText : ''
	];
	const cautions = (job.full && job.state !== 'no_machine') || (job.warned && tones[job.state] !== 'stop');
	return {
		tone: cautions ? 'warn' : (tones[job.state] ?? 'wait'),
		head: headOf(job),
		times: job.state === 'refused' ? '' : parts.join(' · '),
		brief: briefOf(job),
		more: more.filter(Boolean)
	};
}

/** All of it in one breath, for who hears the page. */
export const spoken = ({ head, times, more }: Foreseen): string =>
	[[head, times].filter(Boolean).join(', '), ...more].map((one) => one.replace(/\.?$/, '.')).join(' ');

function headOf(job: JobForecast): string {
	switch (job.state) {
		case 'fits':
			return words.startsNow;
		case 'falls_back':
			if (job.tier === 'previz') return words.draft;
			return job.quality === job.quality_wished
				? words.otherwise
				: words.fallsBack(qualityNames[job.quality] ?? job.quality);
		case 'no_machine':
			return words.noMachine;
		case 'held':
			return words.held;
		case 'refused':
			return words.refused;
		default:
			return job.full ? words.full : words.waits;
	}
}

function briefOf(job: JobForecast): string {
	if (job.state === 'refused' || job.warned) return job.why;
	if (job.state === 'no_machine') return job.where ? words.needsBrief(job.where) : job.why;
	const { ahead, starts } = job;
	if (!ahead || starts === null) return startOf(job) || lastsOf(job);
	return `${words.ahead(ahead)}, ${starts.low_s < SOON_S ? words.within(about(starts.high_s)) : words.in(between(starts))}`;
}

function startOf({ state, starts, ahead }: JobForecast): string {
	if (state === 'fits' || state === 'no_machine' || state === 'held' || state === 'refused') return '';
	const before = ahead ? words.ahead(ahead) : '';
	const when = starts === null ? words.startsSometime : whenOf(starts);
	return [before, when].filter(Boolean).join(', ');
}

function whenOf(range: Range): string {
	if (range.high_s < 1.5) return '';
	return range.low_s < SOON_S ? words.startsWithin(about(range.high_s)) : words.startsIn(between(range));
}

function lastsOf({ takes, guess }: JobForecast): string {
	if (takes === null) return words.unknown;
	return guess ? words.guess(words.takes(between(takes))) : words.takes(between(takes));
}
