import { afterEach, expect, it } from 'vitest';
// Each frame's number is drawn into it as eight black or white bars, the lowest bit left: 48 frames at 24000/1001, and
// 25 frames at 25/1.
import counted from '../media/fixtures/counted.mp4?url';
import other from '../media/fixtures/counted-25.mp4?url';
import { rateOf } from '../media/timecode.ts';
import { Lockstep } from './lockstep.svelte.ts';

const film = { rate: rateOf('24000/1001'), frames: 48 };
const short = { rate: rateOf('25/1'), frames: 25 };
const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((run) => run()));

function pictured(video: HTMLVideoElement): number {
	const pen = new OffscreenCanvas(160, 24).getContext('2d');
	if (!pen) throw new Error('no canvas');
	pen.drawImage(video, 0, 0, 160, 24);
	let number = 0;
	for (let bit = 0; bit < 8; bit += 1)
		if ((pen.getImageData(bit * 20 + 10, 12, 1, 1).data[0] ?? 0) > 128) number += 2 ** bit;
	return number;
}

async function opened(...files: { src: string; track: typeof film }[]) {
	const lock = new Lockstep();
	lock.tracks = files.map((file) => file.track);
	const videos = files.map((file, index) => {
		const video = document.createElement('video');
		video.muted = true;
		video.src = file.src;
		document.body.append(video);
		const let_go = lock.attach(index, video);
		undo.push(() => {
			let_go();
			video.remove();
		});
		return video;
	});
	await expect.poll(() => videos.every((video) => video.readyState >= 3)).toBe(true);
	return { lock, videos };
}

const painted = () => new Promise((done) => setTimeout(done, 120));

it('shows the same frame in both, wherever it stands', async () => {
	const { lock, videos } = await opened({ src: counted, track: film }, { src: counted, track: film });
	for (const frame of [0, 1, 12, 47, 23, 5, 46]) {
		await lock.seek(frame);
		await painted();
		expect(videos.map(pictured)).toEqual([frame, frame]);
	}
	await lock.step(-1);
	await painted();
	expect(videos.map(pictured)).toEqual([45, 45]);
	await lock.seek(900);
	expect(lock.frame).toBe(47);
});

it('keeps both on one clock while playing, and on one frame when it is stopped', async () => {
	const { lock, videos } = await opened({ src: counted, track: film }, { src: counted, track: film });
	const [lead, follower] = videos;
	if (!lead || !follower) throw new Error('no videos');
	await lock.play();
	await expect.poll(() => lock.frame).toBeGreaterThan(3);
	// One that was left behind is brought back.
	follower.currentTime = Math.max(0, lead.currentTime - 0.2);
	await expect
		.poll(() => Math.abs(lead.currentTime - follower.currentTime), { timeout: 8000 })
		.toBeLessThan(0.5 * (1001 / 24000));
	await lock.pause();
	await painted();
	const [first, second] = videos.map(pictured);
	expect(second).toBe(first);
	expect(first).toBe(lock.frame);
});

it('goes by the moment at another rate, and holds the last frame of a shorter one', async () => {
	const { lock, videos } = await opened({ src: counted, track: film }, { src: other, track: short });
	await lock.seek(12);
	await painted();
	expect(videos.map(pictured)).toEqual([12, 13]);
	expect(lock.holding).toEqual([false, false]);
	await lock.seek(40);
	await painted();
	expect(videos.map(pictured)).toEqual([40, 24]);
	expect(lock.holding).toEqual([false, true]);
});

it('plays and stops inside its marks, and tells a file that cannot be played from those that can', async () => {
	const { lock, videos } = await opened({ src: counted, track: film }, { src: counted, track: film });
	await lock.seek(30);
	lock.mark('out');
	await lock.seek(25);
	lock.mark('in');
	expect(lock.range).toEqual({ in: 25, out: 31 });
	lock.loop = false;
	await lock.play();
	await expect.poll(() => lock.playing, { timeout: 8000 }).toBe(false);
	await expect.poll(() => videos.map(pictured), { timeout: 8000 }).toEqual([30, 30]);
	await lock.toMark('in');
	await expect.poll(() => videos.map(pictured), { timeout: 8000 }).toEqual([25, 25]);
	lock.mark('in', true);
	lock.mark('out', true);
	expect(lock.range).toBeUndefined();

	const broken = document.createElement('video');
	broken.preload = 'auto';
	broken.src = '/nothing-here.mp4';
	document.body.append(broken);
	undo.push(() => broken.remove());
	lock.tracks = [film, film, film];
	undo.push(lock.attach(2, broken));
	await expect.poll(() => lock.gone[2], { timeout: 8000 }).toBe(true);
	await lock.seek(12);
	await expect.poll(() => videos.map(pictured), { timeout: 8000 }).toEqual([12, 12]);
});
