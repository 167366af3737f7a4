import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import NewProjectDialog from './NewProjectDialog.svelte';

const goto = vi.hoisted(() => vi.fn(() => Promise.resolve()));
vi.mock('$app/navigation', () => ({ goto }));

const catalog = {
	revision: '1',
	sockets: {},
	nodes: [],
	pipelines: [],
	formats: {
		aspect_ratios: { '16:9': [1280, 720], '9:16': [720, 1280] },
		frame_rates: [
			{ value: '24/1', label: '24' },
			{ value: '25/1', label: '25' }
		],
		qualities: ['low', 'standard']
	}
};
const json = (body: unknown, status = 200) =>
	new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
const refusal = (field: string | null, message: string) => ({
	error: 'VALIDATION_ERROR',
	message,
	remediation: ['Correct the marked field and try again.'],
	detail: '',
	context: { field },
	trace_id: 't'
});

/** Each POST takes the next answer; what it sent is kept. */
let answers: Response[] = [];
let sent: unknown[] = [];

beforeEach(() => {
	answers = [];
	sent = [];
	goto.mockClear();
	vi.spyOn(window, 'fetch').mockImplementation((_to, init) => {
		if (init?.method !== 'POST') return Promise.resolve(json(catalog));
		sent.push(JSON.parse(String(init.body)));
		const answer = answers.shift();
		return answer ? Promise.resolve(answer) : Promise.reject(new TypeError('Failed to fetch'));
	});
});

afterEach(() => vi.restoreAllMocks());

async function opened(): Promise<void> {
	await render(NewProjectDialog, { open: true });
	await expect.element(page.getByRole('radio', { name: /9:16/ })).toBeInTheDocument();
}

const title = () => page.getByRole('textbox', { name: 'Title' });

it('Enter makes the project and opens it', async () => {
	answers = [json({ id: 'abc', title: 'Salt' }, 201)];
	await opened();
	await title().fill('  Salt ');
	await page.getByRole('radio', { name: /9:16/ }).click({ force: true });
	await title().click();
	await userEvent.keyboard('{Enter}');
	await expect.poll(() => goto.mock.calls).toEqual([['/p/abc']]);
	expect(sent).toEqual([
		{ title: 'Salt', description: '', aspect_ratio: '9:16', frame_rate: '24/1', quality: 'standard' }
	]);
});

it('asks for a title before it asks the server', async () => {
	await opened();
	await page.getByRole('button', { name: 'Create project' }).click();
	await expect.element(title()).toHaveAccessibleDescription('Give the film a title.');
	await expect.element(title()).toHaveFocus();
	expect(sent).toEqual([]);
});

it("shows a server's refusal at its field, and takes it back when the field changes", async () => {
	answers = [json(refusal('title', 'A title cannot contain “/”'), 422)];
	await opened();
	await title().fill('a/b');
	await userEvent.keyboard('{Enter}');
	await expect.element(title()).toHaveAccessibleDescription('A title cannot contain “/”');
	await expect.element(title()).toHaveFocus();
	await title().fill('ab');
	await expect.element(title()).not.toHaveAttribute('aria-invalid');
	expect(goto).not.toHaveBeenCalled();
});

it('keeps what was typed when the studio does not answer', async () => {
	await opened();
	await title().fill('Salt');
	await userEvent.keyboard('{Enter}');
	await expect.element(page.getByRole('alert')).toMatchTextContent(/does not answer/);
	await expect.element(title()).toHaveValue('Salt');
	await expect.element(page.getByRole('button', { name: 'Create project' })).toBeEnabled();
});
