import { createRawSnippet } from 'svelte';
import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Button from './Button.svelte';
import ErrorPanel from './ErrorPanel.svelte';
import Slider from './Slider.svelte';
import Switch from './Switch.svelte';
import TextField from './TextField.svelte';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

it('a busy button takes no clicks and stays in the tab order', async () => {
	const onclick = vi.fn();
	const { rerender } = await render(Button, { children: words('Save'), onclick, busy: true });
	const button = page.getByRole('button', { name: 'Save' });
	(button.element() as HTMLButtonElement).click();
	expect(onclick).not.toHaveBeenCalled();
	await expect.element(button).toHaveAttribute('aria-busy', 'true');
	expect((button.element() as HTMLButtonElement).disabled).toBe(false);
	await rerender({ busy: false });
	(button.element() as HTMLButtonElement).click();
	expect(onclick).toHaveBeenCalledOnce();
});

it('a field says what is wrong with it', async () => {
	await render(TextField, { label: 'Title', error: 'Give the film a title.' });
	const field = page.getByRole('textbox', { name: 'Title' });
	await expect.element(field).toHaveAttribute('aria-invalid', 'true');
	await expect.element(field).toHaveAccessibleDescription('Give the film a title.');
});

it('a switch is read as one', async () => {
	const onchange = vi.fn();
	await render(Switch, { label: 'Loop', onchange });
	const control = page.getByRole('switch', { name: 'Loop' });
	await control.click();
	await expect.element(control).toHaveAttribute('aria-checked', 'true');
	expect(onchange).toHaveBeenCalledWith(true);
});

it('a slider gives numbers', async () => {
	const oninput = vi.fn();
	await render(Slider, { label: 'Length', value: 2, min: 1, max: 5, step: 0.5, oninput });
	const slider = page.getByRole('slider', { name: 'Length' });
	(slider.element() as HTMLInputElement).focus();
	(slider.element() as HTMLInputElement).value = '3.5';
	slider.element().dispatchEvent(new Event('input', { bubbles: true }));
	expect(oninput).toHaveBeenCalledWith(3.5);
});

it('an error shows its sentence, its steps and its code', async () => {
	const onretry = vi.fn();
	await render(ErrorPanel, {
		body: {
			error: 'STORAGE_FULL',
			message: 'The disk is full',
			remediation: ['Free space on the disk.', 'Then try again.'],
			detail: 'ENOSPC /films',
			context: {},
			trace_id: 't'
		},
		onretry
	});
	const panel = page.getByRole('alert');
	await expect.element(panel).toMatchTextContent(/The disk is full/);
	await expect.element(panel).toMatchTextContent(/Free space on the disk\./);
	await expect.element(panel).toMatchTextContent(/STORAGE_FULL/);
	await page.getByRole('button', { name: 'Try again' }).click();
	expect(onretry).toHaveBeenCalledOnce();
});
