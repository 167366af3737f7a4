import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Timeline } from '../../api/types.ts';
import { rateOf, type Rate } from '../../media/timecode.ts';
import { at, placed, secondsAt, sourceAt, type Placed } from './place.ts';

/**
 * Plays a film that nobody has rendered: the takes of the cut, one after the other, slates between them.
 *
 * Two screens take turns: one plays, the other already stands on the first frame of the next take, so that a cut is a cut.
 * A playing take is the clock, a slate and all shuttling run on the page's. No look: `Stage.svelte` draws it.
 */

const FASTEST = 8;
/** Faster than this, and backwards, the film is stepped through. */
const PLAYED = 2;

export class Reel {
	frame = $state(0);
	playing = $state(false);
	speed = $state(0);
	clips = $state.raw<readonly Placed[]>([]);
	frames = $state(0);
	/** Takes that the browser cannot play, by address. */
	readonly broken = new SvelteMap<string, true>();
	rate: Rate = { frames: 24, seconds: 1 };

	#screens: HTMLVideoElement[] = [];
	#shown = $state(0);
	#tick: number | undefined;
	#from = 0;
	#since = 0;

	readonly index = $derived(at(this.clips, this.frame));
	readonly now = $derived(this.clips[this.index]);

	/** Which of the two screens shows the clip that plays. */
	get front(): number {
		return this.#shown;
	}

	/** Takes a cut, also a changed one; the film stays where it is. */
	load(cut: Timeline): void {
		this.rate = rateOf(cut.frame_rate);
		this.clips = placed(cut);
		this.frames = cut.frames;
		this.seek(Math.min(this.frame, Math.max(0, cut.frames - 1)));
	}

	attach(screen: HTMLVideoElement): () => void {
		this.#screens = [...this.#screens, screen];
		// An attachment runs again when what it has read changes: the film must not be put on anew at every frame.
		untrack(() => this.#place());
		return () => {
			this.#screens = this.#screens.filter((one) => one !== screen);
			if (!this.#screens.length) this.pause();
		};
	}

	toggle(): void {
		if (this.playing) this.pause();
		else this.#run(1);
	}

	faster(): void {
		if (this.speed < 0) this.pause();
		else this.#run(Math.min(FASTEST, this.speed === 0 ? 1 : this.speed * 2));
	}

	slower(): void {
		if (this.speed > 0) this.pause();
		else this.#run(Math.max(-FASTEST, this.speed === 0 ? -1 : this.speed * 2));
	}

	pause(): void {
		if (this.#tick !== undefined) cancelAnimationFrame(this.#tick);
		this.#tick = undefined;
		const was = this.playing;
		this.playing = false;
		this.speed = 0;
		for (const screen of this.#screens) screen.pause();
		if (was) this.#place();
	}

	step(by: number): void {
		this.pause();
		this.seek(this.frame + by);
	}

	/** To the first frame of the clip before or after; before goes to the start of this one first. */
	toCut(by: 1 | -1): void {
		this.pause();
		const one = this.now;
		if (!one) return;
		const inside = this.frame > one.start;
		this.seek(by > 0 ? one.end : inside ? one.start : (this.clips[this.index - 1]?.start ?? 0));
	}

	seek(frame: number): void {
		this.frame = Math.max(0, Math.min(Math.max(0, this.frames - 1), Math.round(frame)));
		this.#restart();
		this.#place();
	}

	#run(speed: number): void {
		if (!this.frames) return;
		if (speed > 0 && this.frame >= this.frames - 1) this.frame = 0;
		for (const screen of this.#screens) screen.pause();
		this.speed = speed;
		this.playing = true;
		this.#restart();
		this.#place();
		this.#tick ??= requestAnimationFrame(this.#go);
	}

	#restart(): void {
		this.#from = this.frame;
		this.#since = performance.now();
	}

	readonly #go = (): void => {
		this.#tick = requestAnimationFrame(this.#go);
		const one = this.now;
		if (!one) return this.pause();
		const screen = this.#screens[this.#shown];
		const played = this.#isPlayed(one);
		if (played && screen) {
			if (screen.paused && !screen.ended) {
				screen.playbackRate = this.speed;
				// Refused while the file loads; the next tick asks again.
				screen.play().catch(() => undefined);
			}
			if (screen.seeking || screen.readyState < 2) return this.#restart();
			const source = sourceAt(one.clip, screen.currentTime, this.rate);
			const frame = one.start + Math.max(0, source - one.clip.source_in);
			if (frame < one.end && !screen.ended) {
				this.frame = Math.max(frame, one.start);
				this.#restart();
				return;
			}
			return this.#cross(one.end);
		}
		const gone =
			((performance.now() - this.#since) / 1000) * this.speed * (this.rate.frames / this.rate.seconds);
		const frame = this.#from + Math.trunc(gone);
		if (frame < 0 || frame >= this.frames) {
			this.pause();
			return this.seek(frame < 0 ? 0 : this.frames - 1);
		}
		if (frame === this.frame) return;
		const crossed = at(this.clips, frame) !== this.index;
		this.frame = frame;
		if (crossed || !played) this.#place();
	};

	#cross(frame: number): void {
		if (frame >= this.frames) {
			this.pause();
			return this.seek(this.frames - 1);
		}
		this.frame = frame;
		this.#restart();
		this.#place();
	}

	#isPlayed(one: Placed): boolean {
		const url = one.clip.media_url;
		return this.speed > 0 && this.speed <= PLAYED && typeof url === 'string' && !this.broken.has(url);
	}

	/** Puts the clip of this frame on the screen in front, and the next one ready on the other. */
	#place(): void {
		const one = this.now;
		if (!one || !this.#screens.length) return;
		const url = one.clip.media_url;
		if (url) {
			const ready = this.#screens.findIndex((screen) => screen.dataset.at === key(one));
			if (ready >= 0) this.#shown = ready;
			else {
				this.#shown = one.clip.dissolve ? 1 - this.#shown : this.#shown;
				this.#put(this.#screens[this.#shown], one);
			}
			const screen = this.#screens[this.#shown];
			const source = one.clip.source_in + this.frame - one.start;
			const goal = secondsAt(one.clip, source, this.rate);
			const off = screen ? Math.abs(screen.currentTime - goal) * (this.rate.frames / this.rate.seconds) : 0;
			if (screen && (!this.playing || !this.#isPlayed(one) || off > 2)) screen.currentTime = goal;
		}
		const next = this.clips[this.index + 1];
		const other = this.#screens[1 - this.#shown];
		const under = this.frame - one.start < one.clip.dissolve;
		if (under) this.#goOnUnder(one, other);
		else if (next?.clip.media_url && other && other.dataset.at !== key(next)) {
			this.#put(other, next);
			other.pause();
			other.currentTime = secondsAt(next.clip, next.clip.source_in, this.rate);
		}
	}

	/** During a dissolve the screen behind shows the clip before, past its own end. */
	#goOnUnder(one: Placed, screen: HTMLVideoElement | undefined): void {
		const before = this.clips[this.index - 1];
		if (!before?.clip.media_url || !screen) return;
		if (screen.dataset.at !== key(before)) this.#put(screen, before);
		const source = before.clip.source_out + this.frame - one.start;
		if (!this.playing || screen.paused) screen.currentTime = secondsAt(before.clip, source, this.rate);
		if (this.playing && this.#isPlayed(one) && screen.paused) screen.play().catch(() => undefined);
	}

	#put(screen: HTMLVideoElement | undefined, one: Placed): void {
		if (!screen) return;
		screen.dataset.at = key(one);
		const url = one.clip.media_url ?? '';
		if (screen.dataset.url !== url) {
			screen.dataset.url = url;
			screen.src = url;
		}
	}
}

const key = (one: Placed): string => `${one.index} ${one.clip.media_url ?? ''} ${one.clip.source_in}`;
