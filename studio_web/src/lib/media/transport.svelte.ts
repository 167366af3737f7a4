/**
 * Play, step and shuttle one video by frames. No look: `Player.svelte` draws it, and its keys call it.
 *
 * Browsers do not play backwards, so J is a clock that steps frames back; L uses the browser's own rate.
 */
import { frameAt, framesIn, middleOf, type Rate } from './timecode.ts';

const FASTEST = 8;

export class Transport {
	frame = $state(0);
	playing = $state(false);
	/** -8 … 8; 0 = standing. */
	speed = $state(0);
	loop = $state(false);

	readonly rate: Rate;
	#known: number | null;
	#length = $state(0);
	#video: HTMLVideoElement | undefined;
	#reverse: number | undefined;

	constructor(rate: Rate, frames: number | null) {
		this.rate = rate;
		this.#known = frames;
	}

	/** How many frames there are: what the server said, else what the file's length says. */
	get frames(): number {
		return this.#known ?? framesIn(this.#length, this.rate);
	}

	/** Follows a video element; the answer lets go of it. */
	attach(video: HTMLVideoElement): () => void {
		this.#video = video;
		let waiting = 0;
		const exact: VideoFrameRequestCallback = (_now, seen) => {
			this.frame = frameAt(seen.mediaTime, this.rate);
			waiting = video.requestVideoFrameCallback(exact);
		};
		if ('requestVideoFrameCallback' in video) waiting = video.requestVideoFrameCallback(exact);
		const follow = () => {
			this.frame = this.#clamped(frameAt(video.currentTime, this.rate));
		};
		const measure = () => {
			this.#length = Number.isFinite(video.duration) ? video.duration : 0;
		};
		const played = () => {
			this.playing = true;
			this.speed = video.playbackRate;
		};
		const paused = () => {
			if (this.#reverse !== undefined) return;
			this.playing = false;
			this.speed = 0;
			// The picture may be a frame ahead of the last report: stand on the frame that is named.
			this.seek(frameAt(video.currentTime, this.rate));
		};
		const listeners: [string, () => void][] = [
			['seeked', follow],
			['timeupdate', follow],
			['loadedmetadata', measure],
			['durationchange', measure],
			['play', played],
			['ratechange', () => this.playing && (this.speed = video.playbackRate)],
			['pause', paused]
		];
		for (const [name, run] of listeners) video.addEventListener(name, run);
		measure();
		return () => {
			this.#halt();
			if (waiting) video.cancelVideoFrameCallback(waiting);
			for (const [name, run] of listeners) video.removeEventListener(name, run);
			this.#video = undefined;
		};
	}

	play(): void {
		this.#run(1);
	}

	pause(): void {
		const wasReverse = this.#reverse !== undefined;
		this.#halt();
		this.#video?.pause();
		if (wasReverse) {
			this.playing = false;
			this.speed = 0;
		}
	}

	toggle(): void {
		if (this.playing) this.pause();
		else this.play();
	}

	/** L: play, then 2×, 4×, 8×. From reverse it stops first. */
	faster(): void {
		if (this.speed < 0) this.pause();
		else this.#run(Math.min(FASTEST, this.speed === 0 ? 1 : this.speed * 2));
	}

	/** J: the same, backwards. */
	slower(): void {
		if (this.speed > 0) this.pause();
		else this.#runBack(Math.min(FASTEST, this.speed === 0 ? 1 : -this.speed * 2));
	}

	step(by: number): void {
		this.pause();
		this.seek(this.frame + by);
	}

	seek(frame: number): void {
		if (!this.#video) return;
		const target = this.#clamped(frame);
		this.frame = target;
		this.#video.currentTime = middleOf(target, this.rate);
	}

	toEnd(): void {
		this.pause();
		this.seek(this.frames - 1);
	}

	#clamped(frame: number): number {
		return Math.max(0, Math.min(Math.max(0, this.frames - 1), frame));
	}

	#run(speed: number): void {
		const video = this.#video;
		if (!video) return;
		this.#halt();
		if (this.frame >= this.frames - 1) video.currentTime = 0;
		video.playbackRate = speed;
		// The browser refuses when the page is torn down or the file is broken; both show elsewhere.
		video.play().catch(() => undefined);
	}

	#runBack(speed: number): void {
		this.#halt();
		this.#reverse = -1;
		this.#video?.pause();
		this.playing = true;
		this.speed = -speed;
		const from = this.frame;
		let started: number | undefined;
		const tick = (now: number) => {
			started ??= now;
			const gone = Math.floor((((now - started) / 1000) * speed * this.rate.frames) / this.rate.seconds);
			const target = from - gone;
			if (target <= 0) {
				this.seek(0);
				this.pause();
				return;
			}
			if (target !== this.frame && !this.#video?.seeking) this.seek(target);
			this.#reverse = requestAnimationFrame(tick);
		};
		this.#reverse = requestAnimationFrame(tick);
	}

	#halt(): void {
		if (this.#reverse !== undefined) cancelAnimationFrame(this.#reverse);
		this.#reverse = undefined;
	}
}
