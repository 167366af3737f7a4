import type { GraphNode, Recipe, Take } from '../api/types.ts';

/** Cards and takes for the tests of this folder; nothing of the page imports it. */

export const node = (id: string, data: Record<string, unknown> = {}, type = 'shot'): GraphNode => ({
	id,
	type,
	x: 0,
	y: 0,
	parent: null,
	data
});

export const recipe = (more: Partial<Recipe> = {}): Recipe => ({
	pipeline: 'animatic',
	pipeline_version: '1.0.0',
	digest: '',
	tier: 'previz',
	params: { prompt: 'A ship', seconds: 4 },
	inputs: [],
	seed: 7,
	quality: 'standard',
	quality_requested: 'standard',
	sandbox: '',
	image: '',
	determinism: 'bitwise',
	format: { width: 1280, height: 720, frame_rate: '24/1' },
	conformed: null,
	...more
});

export function take(number: number, more: Partial<Take> = {}): Take {
	const name = `SHOT-010_v01_take${String(number).padStart(2, '0')}`;
	return {
		name,
		shot: 'SHOT-010',
		scene: '01',
		version: 1,
		number,
		path: `03_Renders/SCENE_01/SHOT_010/${name}.mp4`,
		media_url: `/api/v1/projects/p/media/${name}.mp4`,
		poster_url: null,
		thumbnail_url: null,
		size: 1000,
		mime: 'video/mp4',
		recipe: recipe(),
		width: 1280,
		height: 720,
		frame_rate: '24/1',
		frames: 96,
		duration_s: 4,
		has_audio: false,
		created_at: '2026-01-01T00:00:00Z',
		created_by: 'Ann',
		task_id: null,
		elapsed_s: 2,
		companions: [],
		facts: {},
		...more
	} as Take;
}
