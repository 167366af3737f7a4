import { frameAt, framesIn, middleOf } from '../media/timecode.ts';
import type { Range } from '../media/transport.svelte.ts';
import { correction, dueAt, secondsOf, type Track } from './clock.ts';

/**
 * Several videos on one clock: the longest one shown leads, the others are held to it while playing and stand on exactly
 * its frame when it stands. Frames are counted in those of the first. No look: the comparison draws it.
 */

const FASTEST = 8;

interface Lead {
	/** What the leading video showed, and when. */
	media: number;
	at: number;
}

export class Lockstep {
	tracks = $state.raw<readonly Track[]>([]);
	frame = $state(0);
	playing = $state(false);
	speed = $state(0);
	loop = $state(true);
	/** What is played and looped when marks are set: from `in` up to, and without, `out`, in frames of the first. */
	range = $state.raw<Range | undefined>();
	/** Which of them cannot be played: their files are gone or broken. */
	gone = $state.raw<readonly boolean[]>([]);
	/** Which of them stand on their last frame because they are shorter. */
	holding = $state.raw<readonly boolean[]>([]);
	/** How far each was from the clock at its last picture, in frames; tests hold it small. */
	readonly drift: number[] = [];

	#videos = $state.raw<readonly (HTMLVideoElement | undefined)[]>([]);
	#shown = $state.raw<readonly boolean[]>([]);
	#lengths = $state.raw<readonly number[]>([]);
	#lead: Lead | undefined;
	#reverse: number | undefined;
	/** Waits until the last frame before the out mark was seen. */
	#turning: ReturnType<typeof setTimeout> | undefined;
	/** Counts what was asked for, so that an old wait does not act when something newer was asked. */
	#turn = 0;

	frames = $derived.by(() => {
		const first = this.tracks[0];
		return first ? framesIn(this.#seconds, first.rate) : 0;
	});

	/** The frame of each track that is due now. */
	due = $derived(
		this.tracks.map((track, index) => dueAt(this.#time(this.frame), track, this.#lengths[index] ?? 0))
	);

	get #first(): number {
		return this.range?.in ?? 0;
	}

	get #last(): number {
		return Math.max(0, Math.min(this.range?.out ?? this.frames, this.frames) - 1);
	}

	get #seconds(): number {
		const all = this.tracks.map((track, index) => this.#secondsOf(track, index));
		return Math.max(0, ...all);
	}

	/** A file that cannot be played has no length: the others do not wait for it. */
	#secondsOf(track: Track, index: number): number {
		return this.gone[index] ? 0 : secondsOf(track, this.#lengths[index] ?? 0);
	}

	/** Which take leads: the longest that is shown, the first among equals; -1 where nothing can be played. */
	get #leader(): number {
		const long = this.tracks.map((track, index) =>
			this.#shown[index] === false || !this.#videos[index] ? 0 : this.#secondsOf(track, index)
		);
		return Math.max(...long) > 0 ? long.indexOf(Math.max(...long)) : -1;
	}

	/** Tells which of them are on screen; the others rest. */
	show(shown: readonly boolean[]): void {
		this.#shown = shown;
		this.#videos.forEach((video, index) => shown[index] === false && video?.pause());
		if (this.playing && this.speed > 0) void this.#run(this.speed);
		else void this.seek(this.frame);
	}

	attach(index: number, video: HTMLVideoElement): () => void {
		this.#videos = replaced(this.#videos, index, video);
		let waiting = 0;
		const pictured: VideoFrameRequestCallback = (_now, seen) => {
			this.#pictured(index, video, seen);
			waiting = video.requestVideoFrameCallback(pictured);
		};
		waiting = video.requestVideoFrameCallback(pictured);
		const measure = () => {
			this.#lengths = replaced(this.#lengths, index, Number.isFinite(video.duration) ? video.duration : 0);
		};
		const ready = () => {
			measure();
			if (!this.playing) void this.seek(this.frame);
			else void this.#run(this.speed);
		};
		const ended = () => {
			if (index === this.#leader && this.playing) void this.#over();
		};
		const broke = () => {
			this.gone = replaced(this.gone, index, true);
			if (this.playing) void this.pause();
		};
		this.gone = replaced(this.gone, index, video.error !== null);
		video.addEventListener('error', broke);
		video.addEventListener('loadedmetadata', ready);
		video.addEventListener('durationchange', measure);
		video.addEventListener('ended', ended);
		if (video.readyState >= 1) ready();
		return () => {
			video.cancelVideoFrameCallback(waiting);
			video.removeEventListener('error', broke);
			video.removeEventListener('loadedmetadata', ready);
			video.removeEventListener('durationchange', measure);
			video.removeEventListener('ended', ended);
			if (this.#videos[index] === video) this.#videos = replaced(this.#videos, index, undefined);
		};
	}

	toggle(): void {
		if (this.playing) void this.pause();
		else void this.play();
	}

	play(): Promise<void> {
		return this.#run(1);
	}

	/** Everything stands on the frame that the leading video shows. */
	async pause(): Promise<void> {
		const lead = this.#videos[this.#leader];
		const first = this.tracks[0];
		const backwards = this.speed < 0;
		await this.#rest(backwards || !lead || !first ? this.frame : frameAt(lead.currentTime, first.rate));
	}

	/** Ends playing on a frame. In one step: a frame that is asked for meanwhile is the newer wish. */
	async #rest(frame: number): Promise<void> {
		this.#halt();
		for (const video of this.#videos) video?.pause();
		this.playing = false;
		this.speed = 0;
		await this.seek(frame);
	}

	faster(): void {
		if (this.speed < 0) void this.pause();
		else void this.#run(Math.min(FASTEST, this.speed === 0 ? 1 : this.speed * 2));
	}

	slower(): void {
		if (this.speed > 0) void this.pause();
		else this.#back(Math.min(FASTEST, this.speed === 0 ? 1 : -this.speed * 2));
	}

	async step(by: number): Promise<void> {
		if (this.playing) await this.pause();
		await this.seek(this.frame + by);
	}

	/** To a mark, or to the end where there is none. */
	async toMark(which: 'in' | 'out'): Promise<void> {
		if (this.playing) await this.pause();
		await this.seek(which === 'in' ? this.#first : this.#last);
	}

	/** Sets a mark to the frame that is shown, or takes it away. An out mark before the in mark moves that to the start. */
	mark(which: 'in' | 'out', clear = false): void {
		const { frame, frames } = this;
		const now = this.range ?? { in: 0, out: frames };
		const next = { ...now, [which]: which === 'in' ? (clear ? 0 : frame) : clear ? frames : frame + 1 };
		if (next.in >= next.out) {
			if (which === 'in') next.out = frames;
			else next.in = 0;
		}
		this.range = next.in === 0 && next.out >= frames ? undefined : next;
	}

	/** Stands on a frame; done when every video shows its own frame of that moment. */
	async seek(frame: number): Promise<void> {
		const turn = ++this.#turn;
		await this.#stand(frame);
		if (turn === this.#turn) this.#lead = undefined;
	}

	#time(frame: number): number {
		const first = this.tracks[0];
		return first ? middleOf(frame, first.rate) : 0;
	}

	async #stand(frame: number): Promise<void> {
		this.frame = Math.max(0, Math.min(frame, Math.max(0, this.frames - 1)));
		const time = this.#time(this.frame);
		const due = this.tracks.map((track, index) => dueAt(time, track, this.#lengths[index] ?? 0));
		this.holding = due.map((one) => one.holds);
		await Promise.all(
			this.#videos.map((video, index) => {
				const at = due[index];
				return video && at && this.#shown[index] !== false ? put(video, at.time) : undefined;
			})
		);
	}

	async #run(speed: number): Promise<void> {
		this.#halt();
		const turn = ++this.#turn;
		const already = this.playing && this.speed > 0;
		this.playing = true;
		this.speed = speed;
		if (this.#videos.every((video, index) => !video || this.gone[index])) {
			this.playing = false;
			this.speed = 0;
			return;
		}
		if (!already) {
			for (const video of this.#videos) video?.pause();
			const inside = this.frame >= this.#first && this.frame < this.#last;
			await this.#stand(inside ? this.frame : this.#first);
			if (turn !== this.#turn) return;
		}
		this.#lead = undefined;
		for (const [index, video] of this.#videos.entries()) {
			if (!video || this.#shown[index] === false || this.holding[index]) continue;
			video.playbackRate = speed;
			// The browser refuses when the page is torn down or the file is broken; both show elsewhere.
			video.play().catch(() => undefined);
		}
	}

	#pictured(index: number, video: HTMLVideoElement, seen: VideoFrameCallbackMetadata): void {
		const first = this.tracks[0];
		const track = this.tracks[index];
		if (!this.playing || this.speed <= 0 || !first || !track || video.paused) return;
		if (index === this.#leader) {
			this.#lead = { media: seen.mediaTime, at: seen.expectedDisplayTime };
			this.frame = Math.min(frameAt(seen.mediaTime, first.rate), Math.max(0, this.frames - 1));
			this.#holdEnded(seen.mediaTime);
			this.#holdRange();
			return;
		}
		if (!this.#lead || video.seeking) return;
		const clock = this.#lead.media + ((seen.expectedDisplayTime - this.#lead.at) / 1000) * this.speed;
		const long = track.rate.seconds / track.rate.frames;
		const ahead = seen.mediaTime - clock;
		this.drift[index] = ahead / long;
		const what = correction(ahead, long, this.speed);
		if ('jump' in what) video.currentTime = clock + 0.05 * this.speed;
		else if (Math.abs(video.playbackRate - what.rate) > 0.004) video.playbackRate = what.rate;
	}

	/** Shorter takes stand on their last frame while the others go on. */
	#holdEnded(time: number): void {
		const holds = this.tracks.map((track, index) => dueAt(time, track, this.#lengths[index] ?? 0).holds);
		if (holds.some((hold, index) => hold !== this.holding[index])) this.holding = holds;
	}

	/** Playing does not run past the out mark; its last frame is shown as long as any other. */
	#holdRange(): void {
		const first = this.tracks[0];
		if (!first || !this.range || this.#turning !== undefined || this.frame < this.#last) return;
		const long = (1000 * first.rate.seconds) / first.rate.frames / Math.max(1, this.speed);
		this.#turning = setTimeout(() => void this.#over(), this.frame > this.#last ? 0 : long * 0.9);
	}

	async #over(): Promise<void> {
		this.#turning = undefined;
		if (!this.playing) return;
		if (!this.loop) return this.#rest(this.#last);
		const { speed } = this;
		this.playing = false;
		this.frame = this.#first;
		await this.#run(speed);
	}

	/** Browsers do not play backwards: frame after frame, the next one when all stand on this one. */
	#back(speed: number): void {
		this.#halt();
		this.#turn++;
		for (const video of this.#videos) video?.pause();
		this.playing = true;
		this.speed = -speed;
		const first = this.tracks[0];
		if (!first) return;
		const from = this.frame;
		const start = from > this.#first ? this.#first : 0;
		const began = performance.now();
		let busy = false;
		const tick = () => {
			const gone = (((performance.now() - began) / 1000) * speed * first.rate.frames) / first.rate.seconds;
			const target = Math.max(start, from - Math.floor(gone));
			if (!busy && target !== this.frame) {
				busy = true;
				void this.#stand(target).then(() => (busy = false));
			}
			if (target <= start) return void this.pause();
			this.#reverse = requestAnimationFrame(tick);
		};
		this.#reverse = requestAnimationFrame(tick);
	}

	#halt(): void {
		if (this.#reverse !== undefined) cancelAnimationFrame(this.#reverse);
		this.#reverse = undefined;
		clearTimeout(this.#turning);
		this.#turning = undefined;
	}
}

function replaced<T>(list: readonly T[], index: number, value: T): T[] {
	const next = [...list];
	next[index] = value;
	return next;
}

/** Puts a video on a time and waits until it shows it. */
function put(video: HTMLVideoElement, time: number): Promise<void> {
	if (video.readyState < 1) return Promise.resolve();
	if (Math.abs(video.currentTime - time) < 0.0005 && !video.seeking) return Promise.resolve();
	video.currentTime = time;
	return new Promise((done) => {
		video.addEventListener('seeked', () => done(), { once: true });
		video.addEventListener('error', () => done(), { once: true });
		video.addEventListener('emptied', () => done(), { once: true });
	});
}
