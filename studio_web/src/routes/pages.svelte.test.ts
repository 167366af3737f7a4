import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import '../app.css';
import type { Project } from '#lib/api/types.ts';
import ProjectsPage from './+page.svelte';
import SetupPage from './setup/+page.svelte';

vi.mock('$app/navigation', () => ({ goto: vi.fn(() => Promise.resolve()) }));
vi.mock('$app/state', () => ({ page: { url: new URL('http://studio.test/') } }));

const film = (id: string, over: Partial<Project> = {}): Project => ({
	id,
	title: `Film ${id}`,
	description: '',
	name: id,
	slug: id,
	path: `/films/${id}`,
	aspect_ratio: '2.39:1',
	width: 1280,
	height: 536,
	frame_rate: '24000/1001',
	quality: 'standard',
	version: 1,
	revision: 1,
	created_at: '2026-01-01T00:00:00Z',
	updated_at: '2026-01-01T00:00:00Z',
	poster_url: null,
	shot_count: 3,
	take_count: 7,
	queue_paused: false,
	alternate: null,
	when_full: 'fallback',
	engines: [],
	other_rates: 'repeat',
	state: { ok: true },
	...over
});
const gone = {
	error: 'PROJECT_MISSING',
	message: 'The folder is gone',
	remediation: [],
	detail: '',
	context: {},
	trace_id: ''
};

const healthy = {
	ok: false,
	version: '0.1.0',
	checks: [
		{ id: 'git', title: 'Git', ok: true, detail: '2.39.5', remedy: '' },
		{
			id: 'lfs',
			title: 'Git LFS',
			ok: false,
			detail: 'not found',
			remedy: 'Install: `sudo apt-get install git-lfs`.'
		},
		{ id: 'space', title: 'Free space', ok: false, detail: '1 GB', remedy: 'Free some.', needed: false }
	],
	workers: [
		{
			id: 'w',
			host: 'here',
			engines: ['cpu'],
			queues: ['cpu'],
			vram_gb: 0,
			gpu: '',
			sandbox: '',
			version: '1'
		}
	]
};
const catalog = {
	revision: '1',
	default_pipeline: 'animatic',
	sockets: {},
	nodes: [],
	pipelines: [
		{
			id: 'animatic',
			version: '1.0.0',
			title: 'Animatic',
			description: 'Draft a shot.',
			task: 'generate-video',
			tier: 'previz',
			inputs: [],
			fields: [],
			outputs: [],
			qualities: ['low', 'standard'],
			available: true,
			unavailable_reason: '',
			cannot: ['Invent a picture'],
			license: 'MIT; fonts SIL OFL 1.1',
			egress: [],
			by_name: false
		}
	],
	formats: {
		aspect_ratios: { '16:9': [1280, 720] },
		frame_rates: [{ value: '24/1', label: '24' }],
		qualities: ['low', 'standard']
	}
};

/** What each address answers; an address that is not here does not answer at all. */
let answers: Record<string, unknown> = {};

beforeEach(() => {
	answers = { '/api/v1/health': healthy, '/api/v1/catalog': catalog };
	vi.spyOn(window, 'fetch').mockImplementation((to) => {
		const body = answers[String(to)];
		return body === undefined
			? Promise.reject(new TypeError('Failed to fetch'))
			: Promise.resolve(new Response(JSON.stringify(body)));
	});
});

afterEach(() => vi.restoreAllMocks());

/** What axe finds in a page that stands still. Whole-page rules belong to the layout, which is not here. */
async function faults(theme: string): Promise<string[]> {
	document.documentElement.dataset.theme = theme;
	await Promise.all(document.getAnimations().map((animation) => animation.finish()));
	const found = await axe.run(document.body, { rules: { region: { enabled: false } } });
	return found.violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html}`);
}

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
	it('the list of projects has no accessibility fault', async () => {
		answers['/api/v1/projects'] = [
			film('a'),
			film('b', { state: { ok: false, error: gone }, shot_count: 0 })
		];
		await render(ProjectsPage);
		await expect.element(page.getByRole('link', { name: /Film a/ })).toBeVisible();
		await expect.element(page.getByText('Needs attention')).toBeVisible();
		expect(await faults(theme)).toEqual([]);
	});

	it('the first run has none', async () => {
		answers['/api/v1/projects'] = [];
		await render(ProjectsPage);
		await expect.element(page.getByRole('heading', { name: 'Start your first film' })).toBeVisible();
		expect(await faults(theme)).toEqual([]);
	});

	it('the new-project dialog has none', async () => {
		answers['/api/v1/projects'] = [];
		await render(ProjectsPage);
		await page.getByRole('button', { name: 'New project' }).click();
		await expect.element(page.getByRole('radio', { name: /16:9/ })).toBeInTheDocument();
		expect(await faults(theme)).toEqual([]);
	});

	it('the setup page has none', async () => {
		await render(SetupPage);
		await expect.element(page.getByText('Invent a picture')).toBeVisible();
		await expect.element(page.getByText('Licences: MIT; fonts SIL OFL 1.1')).toBeVisible();
		await expect.element(page.getByText('2 things need your attention')).toBeVisible();
		expect(await faults(theme)).toEqual([]);
	});
});

it('a studio that does not answer is said so, and the list comes by itself when it is back', async () => {
	await render(ProjectsPage);
	await expect.element(page.getByRole('alert')).toMatchTextContent(/does not answer/);
	answers['/api/v1/projects'] = [film('a')];
	await expect.element(page.getByRole('link', { name: /Film a/ })).toBeVisible();
	await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

it('searches while it is typed', async () => {
	answers['/api/v1/projects'] = [film('a'), film('b', { title: 'Überfahrt' })];
	await render(ProjectsPage);
	await expect.element(page.getByRole('link', { name: /Film a/ })).toBeVisible();
	await userEvent.keyboard('/');
	await userEvent.keyboard('uber');
	await expect.element(page.getByRole('link', { name: /Überfahrt/ })).toBeVisible();
	await expect.element(page.getByRole('link', { name: /Film a/ })).not.toBeInTheDocument();
	await userEvent.keyboard('x');
	await expect.element(page.getByText(/No project matches/)).toBeVisible();
});
