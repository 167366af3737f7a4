/** Two short notes, upwards where all went well; made here, so that no file has to be fetched. */
export async function chime(well: boolean): Promise<void> {
	const context = new AudioContext();
	try {
		await context.resume();
		const notes = well ? [523.25, 783.99] : [392, 261.63];
		const began = context.currentTime + 0.02;
		notes.forEach((pitch, place) => {
			const tone = context.createOscillator();
			const gain = context.createGain();
			const at = began + place * NOTE_S;
			tone.frequency.value = pitch;
			gain.gain.setValueAtTime(0, at);
			gain.gain.linearRampToValueAtTime(LOUD, at + 0.02);
			gain.gain.exponentialRampToValueAtTime(0.001, at + 2 * NOTE_S);
			tone.connect(gain).connect(context.destination);
			tone.start(at);
			tone.stop(at + 2 * NOTE_S);
		});
		await new Promise((done) => setTimeout(done, 1000 * NOTE_S * (notes.length + 2)));
	} finally {
		await context.close();
	}
}

const NOTE_S = 0.18;
const LOUD = 0.15;
