import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
// 48 frames at 24000/1001; each frame's number is drawn into it as eight black or white bars, the lowest bit left.
import counted from './fixtures/counted.mp4?url';
import Player from './Player.svelte';

function video(): HTMLVideoElement {
	const found = document.querySelector('video');
	if (!found) throw new Error('no video on the page');
	return found;
}

/** The number in the picture that is on screen. */
function pictured(): number {
	const canvas = new OffscreenCanvas(160, 24);
	const pen = canvas.getContext('2d');
	if (!pen) throw new Error('no canvas');
	pen.drawImage(video(), 0, 0, 160, 24);
	let number = 0;
	for (let bit = 0; bit < 8; bit += 1) {
		if ((pen.getImageData(bit * 20 + 10, 12, 1, 1).data[0] ?? 0) > 128) number += 2 ** bit;
	}
	return number;
}

const named = (): number => Number(document.querySelector('[data-frame]')?.getAttribute('data-frame') ?? NaN);

/** Both, once no seek is under way and the new picture is painted. */
async function settled(): Promise<{ pictured: number; named: number }> {
	await expect.poll(() => video().readyState >= 2 && !video().seeking).toBe(true);
	await new Promise((done) => setTimeout(done, 120));
	return { pictured: pictured(), named: named() };
}

async function opened(): Promise<void> {
	await render(Player, {
		src: counted,
		title: 'counted',
		rate: '24000/1001',
		frames: 48,
		aspect: 160 / 24,
		hasAudio: false
	});
	await expect.poll(() => video().readyState).toBeGreaterThanOrEqual(2);
	(page.getByRole('group', { name: 'Player: counted' }).element() as HTMLElement).focus();
}

it('names the frame that is pictured, step by step', async () => {
	await opened();
	expect(await settled()).toEqual({ pictured: 0, named: 0 });
	for (let frame = 1; frame <= 14; frame += 1) {
		await userEvent.keyboard('{ArrowRight}');
		expect(await settled()).toEqual({ pictured: frame, named: frame });
	}
	await userEvent.keyboard('{End}');
	expect(await settled()).toEqual({ pictured: 47, named: 47 });
	await userEvent.keyboard('{ArrowRight}');
	expect(await settled()).toEqual({ pictured: 47, named: 47 });
	await userEvent.keyboard('{ArrowLeft}');
	expect(await settled()).toEqual({ pictured: 46, named: 46 });
	await userEvent.keyboard('{Home}');
	expect(await settled()).toEqual({ pictured: 0, named: 0 });
});

it('counts every key of a quick row, also while the video is still behind', async () => {
	await opened();
	const box = page.getByRole('group', { name: 'Player: counted' }).element();
	const press = (key: string) => box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
	for (let key = 0; key < 20; key += 1) press('.');
	for (let key = 0; key < 3; key += 1) press(',');
	expect(await settled()).toEqual({ pictured: 17, named: 17 });
	// What the video tells of a picture of before is not taken for where it stands.
	for (const late of ['seeked', 'timeupdate', 'pause', 'play']) {
		press('.');
		video().dispatchEvent(new Event(late));
	}
	expect(await settled()).toEqual({ pictured: 21, named: 21 });
	// Out of playing, the first key stops and steps like any other.
	press('l');
	await expect.poll(named).toBeGreaterThan(24);
	press('.');
	const { named: from } = await settled();
	for (let key = 0; key < 3; key += 1) press(',');
	expect(await settled()).toEqual({ pictured: from - 3, named: from - 3 });
});

it('stands on the frame that it names when it is stopped', async () => {
	await opened();
	await userEvent.keyboard('l');
	await expect.poll(named).toBeGreaterThan(8);
	await userEvent.keyboard('k');
	const forward = await settled();
	expect(forward.pictured).toBe(forward.named);
	await userEvent.keyboard('j');
	await expect.poll(named).toBeLessThan(forward.named);
	await userEvent.keyboard('k');
	const back = await settled();
	expect(back.pictured).toBe(back.named);
	expect(back.named).toBeLessThan(forward.named);
});

it('says so when a file cannot be played', async () => {
	await render(Player, { src: '/nothing-here.mp4', title: 'gone', rate: '24/1' });
	await expect.element(page.getByRole('alert')).toMatchTextContent(/cannot be played/);
	await expect.element(page.getByRole('button', { name: 'Play' })).toBeDisabled();
});

it('counts in frames or in timecode, as chosen', async () => {
	await opened();
	const place = (text: string) => expect.element(page.getByRole('button', { name: text }));
	await place('00:00:00:00 / 00:00:02:00 Count in frames').toBeVisible();
	await userEvent.keyboard('{ArrowRight}');
	await userEvent.keyboard('t');
	await place('Frame 1 / 48 Count in timecode').toBeVisible();
	await userEvent.keyboard('t');
	await place('00:00:00:01 / 00:00:02:00 Count in frames').toBeVisible();
});
