import { words } from '#words/compose.ts';
import { recordingName } from './naming.ts';

/**
 * The microphone: asked for when recording starts, let go of when it stops.
 *
 * Made by the record dialog. The studio listens to nothing else and at no other time.
 */
export class Recorder {
	state = $state<'idle' | 'asking' | 'recording' | 'done' | 'failed'>('idle');
	seconds = $state(0);
	problem = $state('');
	url = $state('');
	#file: File | undefined;
	#media: MediaRecorder | undefined;
	#clock: ReturnType<typeof setInterval> | undefined;

	get file(): File | undefined {
		return this.#file;
	}

	async start(): Promise<void> {
		this.#forget();
		this.state = 'asking';
		try {
			const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
			this.#record(stream);
		} catch (thrown) {
			const name = thrown instanceof Error ? thrown.name : 'other';
			this.problem = words.recordErrors[name] ?? words.recordErrors.other ?? '';
			this.state = 'failed';
		}
	}

	#record(stream: MediaStream): void {
		const parts: Blob[] = [];
		const media = new MediaRecorder(stream);
		const began = performance.now();
		this.#media = media;
		media.ondataavailable = (event) => parts.push(event.data);
		media.onstop = () => {
			clearInterval(this.#clock);
			for (const track of stream.getTracks()) track.stop();
			const type = media.mimeType.split(';')[0] || 'audio/webm';
			const name = recordingName(words.recordName, type);
			this.#file = new File(parts, name, { type });
			this.url = URL.createObjectURL(this.#file);
			this.state = 'done';
		};
		media.start();
		this.seconds = 0;
		this.#clock = setInterval(() => (this.seconds = (performance.now() - began) / 1000), 200);
		this.state = 'recording';
	}

	stop(): void {
		if (this.#media?.state === 'recording') this.#media.stop();
	}

	/** Lets go of the microphone and of what was recorded. */
	close(): void {
		this.stop();
		this.#forget();
	}

	#forget(): void {
		if (this.url) URL.revokeObjectURL(this.url);
		this.url = '';
		this.problem = '';
		this.#file = undefined;
	}
}
