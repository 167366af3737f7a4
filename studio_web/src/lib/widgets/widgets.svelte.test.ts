import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { FieldSpec } from '#lib/api/types.ts';
import { clashes } from './draft.svelte.ts';
import { editing } from './editing.svelte.ts';
import FieldRow from './FieldRow.svelte';
import { ownField } from './widget.ts';

const field = (widget: string, more: Partial<FieldSpec> = {}) => ownField('it', 'It', widget, more);
const shown = async (spec: FieldSpec, value: unknown) => {
	const onchange = vi.fn();
	const { rerender } = await render(FieldRow, { id: 'f', spec, value, onchange });
	return { onchange, rerender };
};

it('a text is handed on after a pause and when the field is left, once', async () => {
	const { onchange } = await shown(field('text'), 'fog');
	const box = page.getByLabelText('It');
	await box.fill('rain');
	expect(onchange).not.toHaveBeenCalled();
	await vi.waitFor(() => expect(onchange).toHaveBeenCalledWith('rain'));
	await box.fill('snow');
	(box.element() as HTMLElement).blur();
	expect(onchange.mock.calls).toEqual([['rain'], ['snow']]);
});

it('a change from elsewhere does not pull the words from under someone typing', async () => {
	const { rerender } = await shown(field('textarea'), 'mine');
	const box = page.getByLabelText('It');
	await box.click();
	await userEvent.keyboard('!');
	await rerender({ value: 'theirs' });
	await expect.element(box).toHaveValue('mine!');
	(box.element() as HTMLElement).blur();
	await rerender({ value: 'theirs, later' });
	await expect.element(box).toHaveValue('theirs, later');
});

it('a number stays inside its bounds', async () => {
	const { onchange } = await shown(field('number', { min: 1, max: 20 }), 4);
	const box = page.getByLabelText('It');
	await box.fill('99');
	(box.element() as HTMLElement).blur();
	expect(onchange).toHaveBeenCalledWith(20);
});

it('a slider says its value with the unit', async () => {
	await shown(field('slider', { min: 1, max: 20, unit: 's', default: 4 }), undefined);
	await expect.element(page.getByRole('slider', { name: 'It' })).toHaveAttribute('aria-valuetext', '4 s');
});

it.each([
	['0: as long as the clip', 0, 'as long as the clip'],
	['0: as long as the clip', 4, '4 s'],
	['Keeps the first. 0: the whole shot', 0, 'the whole shot'],
	['0 is as recorded', 0, '0 s'],
	['From 10: louder', 0, '0 s']
])('a slider says in words what 0 stands for, where its help does: %s', async (help, value, said) => {
	await shown(field('slider', { min: 0, max: 60, unit: 's', default: 0, help }), value);
	await expect.element(page.getByRole('slider', { name: 'It' })).toHaveAttribute('aria-valuetext', said);
	await expect.element(page.getByRole('status')).toHaveTextContent(said);
});

it('a choice is handed on by its value, not by its label', async () => {
	const choices = [
		{ value: 'in', label: 'Push in' },
		{ value: 'out', label: 'Pull out' }
	];
	const { onchange } = await shown(field('select', { choices }), 'in');
	await page.getByLabelText('It').hover();
	await page.getByLabelText('It').selectOptions('Pull out');
	expect(onchange).toHaveBeenCalledWith('out');
});

it('a choice is the browser’s own while somebody is at it, by mouse or keyboard, and else none', async () => {
	await shown(field('select', { choices: [{ value: 'in', label: 'Push in' }] }), 'in');
	const choice = page.getByRole('combobox', { name: 'It' });
	const kind = () => choice.element().tagName;
	await expect.element(choice).toHaveTextContent('Push in');
	expect(kind()).toBe('BUTTON');
	await choice.hover();
	await vi.waitFor(() => expect(kind()).toBe('SELECT'));
	await userEvent.unhover(choice.element());
	await vi.waitFor(() => expect(kind()).toBe('BUTTON'));
	(choice.element() as HTMLElement).focus();
	await vi.waitFor(() => expect(document.activeElement?.tagName).toBe('SELECT'));
	(document.activeElement as HTMLElement).blur();
	await vi.waitFor(() => expect(kind()).toBe('BUTTON'));
});

it('a choice that is no longer offered is shown and kept', async () => {
	await shown(field('select', { choices: [{ value: 'a', label: 'A' }] }), 'gone');
	await expect.element(page.getByLabelText('It')).toHaveTextContent('gone');
});

it('a widget of a newer studio shows its value and lets nobody break it', async () => {
	const { onchange } = await shown(field('colour-wheel'), { lift: [0, 0, 1] });
	await expect.element(page.getByText('{"lift":[0,0,1]}')).toBeVisible();
	expect(onchange).not.toHaveBeenCalled();
});

it('words written over somebody else’s win, and it is said; theirs can be taken', async () => {
	const told = vi.fn();
	clashes.tell = told;
	const { onchange, rerender } = await shown(field('text'), 'before');
	const box = page.getByLabelText('It');
	await box.click();
	await rerender({ value: 'seen while nothing was typed' });
	await expect.element(box).toHaveValue('seen while nothing was typed');
	await box.fill('mine');
	await rerender({ value: 'theirs' });
	(box.element() as HTMLElement).blur();
	expect(onchange.mock.calls).toEqual([['mine']]);
	expect(told).toHaveBeenCalledOnce();
	(told.mock.calls[0]?.[0] as () => void)();
	expect(onchange.mock.calls.at(-1)).toEqual(['theirs']);
	clashes.tell = undefined;
});

it('says who else writes in a field', async () => {
	await shown(field('text'), '');
	editing.by = new Map([
		['f', { id: 'x', name: 'Ana', colour: '#336699', cursor: null, editing: null, selected: [] }]
	]);
	await expect.element(page.getByText('Ana edits this it')).toBeVisible();
	editing.by = new Map();
	await expect.element(page.getByText('Ana edits this it')).not.toBeInTheDocument();
});
