import type { Asset, PipelineType } from '../api/types.ts';
import { words } from '#words/compose.ts';
import { inputFor, roleNames, roles, type Mode, type Role } from './roles.ts';

/**
 * What stands in the way of a run, said before it is started.
 *
 * Pure. `stop` keeps Generate from doing anything, `advice` is worth knowing and can be passed over.
 */

export interface Problem {
	id: string;
	level: 'stop' | 'advice';
	text: string;
	/** The chip it is about. */
	role?: Role;
	/** What can be done about it with one press. */
	action?: 'crop' | 'setup';
}

export interface Asked {
	mode: Mode;
	pipeline: PipelineType | undefined;
	prompt: string;
	files: (role: Role) => readonly Asset[];
	frame: { width: number; height: number };
	online: boolean;
	uploading: boolean;
}

/** The shorter side, in pixels, below which a picture cannot carry a shot. */
export const SMALLEST = 256;
/** How far the shape of a picture may be from that of the film before it is worth a word. */
const SHAPE_SLACK = 0.02;

export function problemsOf(asked: Asked): Problem[] {
	const { pipeline } = asked;
	const found: Problem[] = [];
	const stop = (id: string, text: string, more: Partial<Problem> = {}) =>
		found.push({ id, level: 'stop', text, ...more });
	const advise = (id: string, text: string, more: Partial<Problem> = {}) =>
		found.push({ id, level: 'advice', text, ...more });

	if (!asked.online) stop('offline', words.problems.offline);
	if (asked.uploading) stop('uploading', words.problems.uploading);
	if (!pipeline) {
		stop('nobody', words.problems.nobody(words.modes[asked.mode]), { action: 'setup' });
		return found;
	}
	if (!pipeline.available) advise('waits', words.problems.waits, { action: 'setup' });
	for (const role of roleNames) missing(asked, pipeline, role, stop);
	for (const input of pipeline.inputs)
		if (input.required && !input.role) stop(`input ${input.name}`, words.problems.onCanvas(input.label));
	wordsOf(asked, pipeline, stop);
	const still = asked.files('ground-truth')[0];
	if (still) pictureOf(still, asked.frame, stop, advise);
	else if (asked.prompt.trim() && !found.some((one) => one.role === 'ground-truth'))
		advise('no-picture', words.problems.noPicture, { role: 'ground-truth' });
	for (const role of roleNames)
		if (roles[role].modes.includes(asked.mode) && asked.files(role).length && !inputFor(pipeline, role))
			advise(`unused ${role}`, words.problems.unused(words.roles[role].title), { role });
	return found;
}

type Say = (id: string, text: string, more?: Partial<Problem>) => void;

function missing(asked: Asked, pipeline: PipelineType, role: Role, stop: Say): void {
	const input = inputFor(pipeline, role);
	const here = roles[role].modes.includes(asked.mode);
	// Sound is what an audio performance is about, whatever the one who makes it could do without.
	const needed = (input?.required ?? false) || (role === 'audio' && asked.mode === 'audio');
	if (!needed || asked.files(role).length) return;
	if (here) stop(`missing ${role}`, words.problems.missing(words.roles[role].title), { role });
	else if (input) stop(`missing ${role}`, words.problems.onCanvas(input.label));
}

function wordsOf(asked: Asked, pipeline: PipelineType, stop: Say): void {
	const field = pipeline.fields.find((one) => one.name === 'prompt');
	const length = asked.prompt.trim().length;
	if (!length && (field?.required || !asked.files('ground-truth').length))
		stop('no-words', field?.required ? words.problems.noWords : words.problems.nothing);
	if (field?.max_length && asked.prompt.length > field.max_length)
		stop('long', words.problems.tooLong(asked.prompt.length, field.max_length));
}

function pictureOf(still: Asset, frame: Asked['frame'], stop: Say, advise: Say): void {
	const { width, height } = still;
	if (!width || !height) return;
	const size = `${width} × ${height}`;
	if (Math.min(width, height) < SMALLEST)
		stop('tiny', words.problems.tiny(size, SMALLEST), { role: 'ground-truth' });
	else if (width < frame.width && height < frame.height)
		advise('soft', words.problems.soft(size, `${frame.width} × ${frame.height}`), { role: 'ground-truth' });
	if (shapeOff(width / height, frame))
		advise('shape', words.problems.shape, { role: 'ground-truth', action: 'crop' });
}

export const shapeOff = (aspect: number, frame: { width: number; height: number }): boolean =>
	Math.abs(Math.log(aspect / (frame.width / frame.height))) > SHAPE_SLACK;
