// Sound picture: a sound's loudness over time, drawn. Plain Node 18 or newer, nothing to install.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

const home = fileURLToPath(new URL('.', import.meta.url));
const manifest = JSON.parse(readFileSync(join(home, 'pipeline.json'), 'utf8'));
const verb = process.argv[2] ?? 'run';
if (verb === 'describe') {
	process.stdout.write(JSON.stringify(manifest, null, 2) + '\n');
	process.exit(0);
}
if (verb === 'check') {
	process.stdout.write('{"ok": true}\n');
	process.exit(0);
}

/** Lets a cancel in: Node hears signals only between two events, and the last chance is right before the result. */
const listen = () => new Promise(setImmediate);
const job = process.env.JOB_DIR ?? '/job';
const began = performance.now();
let seq = 0;
const tell = (t, fields = {}) =>
	appendFileSync(join(job, 'events.jsonl'), JSON.stringify({ v: 1, seq: ++seq, ts: Date.now() / 1000, t, ...fields }) + '\n');

/** Writes the result, which is the last thing a pipeline does, and ends. */
function end(status, exit, more) {
	const result = { contract: 1, status, elapsed_s: (performance.now() - began) / 1000, ...more };
	const part = join(job, 'outputs/.result.part');
	writeFileSync(part, JSON.stringify(result));
	fsyncSync(openSync(part));
	renameSync(part, join(job, 'outputs/result.json'));
	process.exit(exit);
}
const refuse = (code, exit, message, field) => end('failed', exit, { error: { code, message, field } });

process.on('SIGTERM', () => end('canceled', 143, { error: { code: 'CANCELED', message: 'Canceled.' } }));

const request = JSON.parse(readFileSync(join(job, 'request.json'), 'utf8'));
if (request.contract !== 1) refuse('CONTRACT_MISMATCH', 64, 'This pipeline speaks contract 1.');
const invalid = (name, why) =>
	refuse('VALIDATION_ERROR', 64, `${manifest.inputs[name]?.title ?? name} ${why}.`, name);
for (const name of Object.keys({ ...request.params, ...request.inputs })) if (!manifest.inputs[name]) invalid(name, 'is unknown');
const { width = 640, height = 160 } = request.params;
for (const [name, value] of Object.entries({ width, height })) {
	const { minimum, maximum } = manifest.inputs[name];
	if (!Number.isInteger(value) || value < minimum || value > maximum)
		invalid(name, `must be a whole number from ${minimum} to ${maximum}`);
}
const sounds = request.inputs.sound ?? [];
if (sounds.length !== 1) invalid('sound', 'is one file');
const path = join(job, sounds[0].path);
if (!existsSync(path)) refuse('FILE_NOT_FOUND', 66, `${sounds[0].name} is missing from the job folder.`, 'sound');
const file = readFileSync(path);
tell('started');

/** The samples of a 16-bit WAV file, every channel one after the other as they lie there. */
function samplesOf(wav) {
	if (wav.length < 12 || wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE') return;
	let bits = 0;
	for (let at = 12; at + 8 <= wav.length; ) {
		const [name, size] = [wav.toString('latin1', at, at + 4), wav.readUInt32LE(at + 4)];
		if (name === 'fmt ') bits = wav.readUInt16LE(at + 22);
		if (name === 'data' && bits === 16) return wav.subarray(at + 8, at + 8 + size);
		at += 8 + size + (size % 2);
	}
}
const samples = samplesOf(file);
if (!samples?.length) refuse('UNSUPPORTED_MEDIA', 66, `${sounds[0].name} is not a WAV file of 16 bits.`, 'sound');

const rows = Array.from({ length: height }, () => Buffer.alloc(1 + width, 16));
const count = Math.floor(samples.length / 2);
for (let x = 0; x < width; x++) {
	if (x % 64 === 0) {
		tell('progress', { f: x / width, stage: 'Drawing' });
		await listen();
	}
	let loudest = 0;
	const [from, to] = [Math.floor((x * count) / width), Math.ceil(((x + 1) * count) / width)];
	for (let n = from; n < to; n++) loudest = Math.max(loudest, Math.abs(samples.readInt16LE(n * 2)));
	const half = Math.round((loudest / 32768) * (height / 2));
	for (let y = Math.floor(height / 2) - half; y < height / 2 + half; y++) rows[y][1 + x] = 224;
}
for (const row of rows) row[0] = 0; // PNG: this row is not filtered

/** Returns the checksum that PNG wants; Node has one of its own only from version 20.15. */
function crc32(bytes) {
	let crc = ~0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}
function chunk(name, data) {
	const body = Buffer.concat([Buffer.from(name), data]);
	const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
	size.writeUInt32BE(data.length);
	sum.writeUInt32BE(crc32(body));
	return Buffer.concat([size, body, sum]);
}
const head = Buffer.alloc(13);
head.writeUInt32BE(width);
head.writeUInt32BE(height, 4);
head.set([8, 0, 0, 0, 0], 8); // grey, 8 bits
const png = Buffer.concat([
	Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
	chunk('IHDR', head),
	chunk('IDAT', deflateSync(Buffer.concat(rows))),
	chunk('IEND', Buffer.alloc(0))
]);
writeFileSync(join(job, 'outputs/sound.png'), png);
tell('progress', { f: 1, stage: 'Done' });
const sha256 = createHash('sha256').update(png).digest('hex');
const output = { name: 'image', path: 'outputs/sound.png', sha256, bytes: png.length, mime: 'image/png' };
await listen();
end('succeeded', 0, { outputs: [output], determinism: 'bitwise' });
