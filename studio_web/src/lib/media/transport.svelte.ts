/**
 * Play, step and shuttle one video by frames. No look: `Player.svelte` draws it, and its keys call it.
 *
 * While it plays, the video says which frame is shown. While it stands, the frame is the one that was asked for: the
 * video shows it when it can, and is never asked back, so that no key of a quick row is lost on a busy machine.
 *
 * Browsers do not play backwards, so J is a clock that steps frames back; L uses the browser's own rate.
 */
import { frameAt, framesIn, middleOf, type Rate } from './timecode.ts';

const FASTEST = 8;

export interface Range {
	in: number;
	out: number;
}

export class Transport {
	frame = $state(0);
	playing = $state(false);
	/** -8 … 8; 0 = standing. */
	speed = $state(0);
	loop = $state(false);
	/** What is played and looped when marks are set: from `in` up to, and without, `out`. */
	range = $state.raw<Range | undefined>();

	readonly rate: Rate;
	#known: number | null;
	#length = $state(0);
	#video: HTMLVideoElement | undefined;
	#reverse: number | undefined;
	#turn: ReturnType<typeof setTimeout> | undefined;
	#within = false;

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
			// A picture of before a jump tells nothing.
			if (this.#leads && !video.seeking) {
				this.frame = frameAt(seen.mediaTime, this.rate);
				this.#hold();
			}
			waiting = video.requestVideoFrameCallback(exact);
		};
		if ('requestVideoFrameCallback' in video) waiting = video.requestVideoFrameCallback(exact);
		const follow = () => {
			if (!this.#leads) return;
			this.frame = this.#clamped(frameAt(video.currentTime, this.rate));
			this.#hold();
		};
		const ended = () => {
			if (this.loop && this.range) this.play();
		};
		const measure = () => {
			this.#length = Number.isFinite(video.duration) ? video.duration : 0;
		};
		const played = () => {
			if (video.paused) return;
			this.playing = true;
			this.speed = video.playbackRate;
		};
		const paused = () => {
			if (this.#leads && video.paused) this.#stop();
		};
		const listeners: [string, () => void][] = [
			['seeked', follow],
			['timeupdate', follow],
			['loadedmetadata', measure],
			['durationchange', measure],
			['play', played],
			['ratechange', () => this.playing && (this.speed = video.playbackRate)],
			['pause', paused],
			['ended', ended]
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
		const led = this.#leads;
		this.#halt();
		if (led) return this.#stop();
		this.playing = false;
		this.speed = 0;
	}

	/** Whether the video plays, and so says which frame is shown. */
	get #leads(): boolean {
		return this.playing && this.#reverse === undefined;
	}

	/** Stands at once; the events of the video tell nothing new. */
	#stop(): void {
		this.playing = false;
		this.speed = 0;
		this.#video?.pause();
		// The picture may be a frame ahead of the last report: stand on the frame that is named.
		if (this.#video) this.seek(frameAt(this.#video.currentTime, this.rate));
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

	/** To a mark, or to the end of the take where there is none. */
	toMark(which: 'in' | 'out'): void {
		this.pause();
		this.seek(which === 'in' ? this.#first : this.#end - 1);
	}

	get #first(): number {
		return this.range?.in ?? 0;
	}

	get #end(): number {
		return this.range?.out ?? this.frames;
	}

	/** Playing does not run past the out mark; started beyond it, it runs on. */
	#hold(): void {
		const { range } = this;
		if (!range || !this.playing || this.#reverse !== undefined || this.#turn !== undefined) return;
		if (this.frame < range.out - 1) this.#within = this.frame >= range.in;
		if (!this.#within || this.frame < range.out - 1) return;
		if (this.frame >= range.out) return this.#turned();
		// The last frame is shown as long as any other.
		const frame = (1000 * this.rate.seconds) / this.rate.frames / Math.max(1, this.speed);
		this.#turn = setTimeout(() => this.#turned(), frame * 0.9);
	}

	#turned(): void {
		this.#turn = undefined;
		if (!this.range || !this.playing) return;
		if (this.loop) this.#jump(this.range.in);
		else {
			this.pause();
			this.seek(this.range.out - 1);
		}
	}

	#jump(frame: number): void {
		this.frame = frame;
		if (this.#video) this.#video.currentTime = middleOf(frame, this.rate);
	}

	#clamped(frame: number): number {
		return Math.max(0, Math.min(Math.max(0, this.frames - 1), frame));
	}

	#run(speed: number): void {
		const video = this.#video;
		if (!video) return;
		this.#halt();
		if (this.frame >= this.#end - 1 || this.frame < this.#first) this.#jump(this.#first);
		this.#within = true;
		video.playbackRate = speed;
		this.playing = true;
		this.speed = speed;
		// The browser refuses when the page is torn down or the file is broken; both show elsewhere.
		video.play().catch(() => {
			if (video.paused && this.#leads) this.pause();
		});
	}

	#runBack(speed: number): void {
		this.pause();
		this.#reverse = -1;
		this.playing = true;
		this.speed = -speed;
		const first = this.frame > this.#first ? this.#first : 0;
		const from = this.frame;
		let started: number | undefined;
		const tick = (now: number) => {
			started ??= now;
			const gone = Math.floor((((now - started) / 1000) * speed * this.rate.frames) / this.rate.seconds);
			const target = from - gone;
			if (target <= first) {
				this.seek(first);
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
		clearTimeout(this.#turn);
		this.#turn = undefined;
	}
}
