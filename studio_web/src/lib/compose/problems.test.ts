import { describe, expect, it } from 'vitest';
import type { Asset, PipelineType, SocketSpec } from '../api/types.ts';
import { problemsOf, type Asked } from './problems.ts';
import type { Role } from './roles.ts';

const input = (name: string, role: Role | null, required = false): SocketSpec =>
	({ name, role, required, label: name }) as SocketSpec;
const pipeline = (more: Partial<PipelineType> = {}): PipelineType =>
	({
		id: 'p',
		task: 'generate-video',
		available: true,
		modes: ['animate', 'audio'],
		inputs: [input('still', 'ground-truth'), input('voice', 'audio'), input('clip', 'motion')],
		fields: [{ name: 'prompt', max_length: 20, required: false }],
		...more
	}) as PipelineType;
const picture = (width: number, height: number) => ({ id: 'a', kind: 'image', width, height }) as Asset;
const sound = { id: 'v', kind: 'audio' } as Asset;

function asked(
	files: Partial<Record<Role, Asset[]>>,
	more: Partial<Asked> = {}
): { stops: string[]; advice: string[] } {
	const found = problemsOf({
		mode: 'animate',
		pipeline: pipeline(),
		prompt: 'Rain.',
		files: (role) => files[role] ?? [],
		frame: { width: 1280, height: 720 },
		online: true,
		uploading: false,
		...more
	});
	const ids = (level: string) => found.filter((one) => one.level === level).map((one) => one.id);
	return { stops: ids('stop'), advice: ids('advice') };
}

describe('what stands in the way of a run', () => {
	const whole = { 'ground-truth': [picture(1920, 1080)] };

	it('is nothing for a picture of the right shape and some words', () => {
		expect(asked(whole)).toEqual({ stops: [], advice: [] });
		expect(asked(whole, { prompt: '' })).toEqual({ stops: [], advice: [] });
	});

	it('is a missing picture only where there are no words either, or where it is required', () => {
		expect(asked({})).toEqual({ stops: [], advice: ['no-picture'] });
		expect(asked({}, { prompt: ' ' })).toEqual({ stops: ['no-words'], advice: [] });
		const strict = pipeline({ inputs: [input('still', 'ground-truth', true)] });
		expect(asked({}, { pipeline: strict }).stops).toEqual(['missing ground-truth']);
	});

	it('is a missing sound in an audio performance, and not elsewhere', () => {
		expect(asked(whole, { mode: 'audio' }).stops).toEqual(['missing audio']);
		expect(asked({ ...whole, audio: [sound] }, { mode: 'audio' }).stops).toEqual([]);
	});

	it('is a picture that is too small, soft, or of another shape', () => {
		expect(asked({ 'ground-truth': [picture(400, 225)] })).toEqual({ stops: ['tiny'], advice: [] });
		expect(asked({ 'ground-truth': [picture(640, 360)] })).toEqual({ stops: [], advice: ['soft'] });
		expect(asked({ 'ground-truth': [picture(1600, 1200)] })).toEqual({ stops: [], advice: ['shape'] });
		expect(asked({ 'ground-truth': [picture(1366, 768)] }).advice).toEqual([]);
	});

	it('is too many words, an upload under way, a lost line', () => {
		expect(asked(whole, { prompt: 'x'.repeat(21) }).stops).toEqual(['long']);
		expect(asked(whole, { uploading: true, online: false }).stops).toEqual(['offline', 'uploading']);
	});

	it('is nobody to make it, told with the way to setup; without a worker it waits', () => {
		expect(asked(whole, { pipeline: undefined }).stops).toEqual(['nobody']);
		expect(asked(whole, { pipeline: pipeline({ available: false }) })).toEqual({
			stops: [],
			advice: ['waits']
		});
	});

	it('tells of files that nothing makes use of, and of inputs that only the canvas can give', () => {
		const odd = pipeline({ inputs: [input('still', 'ground-truth'), input('mask', null, true)] });
		expect(asked({ ...whole, reference: [picture(900, 900)] }, { pipeline: odd })).toEqual({
			stops: ['input mask'],
			advice: ['unused reference']
		});
	});
});
