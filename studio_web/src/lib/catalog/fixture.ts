import type { Catalog, SocketSpec } from '../api/types.ts';
import { ownField } from '../widgets/widget.ts';
import { CatalogIndex } from './catalog-index.ts';

/** A small catalogue for tests; nothing of the page imports it. */

const socket = (name: string, type: string, more: Partial<SocketSpec> = {}): SocketSpec => ({
	name,
	type,
	label: name,
	required: false,
	many: false,
	help: '',
	type_from: null,
	role: null,
	...more
});

const nouns: Record<string, string> = { Image: 'a picture', Video: 'a clip', Audio: 'sound' };

const look = (label: string, colour: string, shape: string, more: string[] = []) => ({
	label,
	noun: nouns[label] ?? label,
	colour,
	shape,
	accepts: [label, ...more]
});

const kind = {
	category: 'Sources',
	description: '',
	keywords: [],
	fields: [],
	inputs_from_pipeline: false,
	task: null,
	code_prefix: '',
	improves: false,
	defaults: {},
	actions: []
};

const drawn = {
	version: '1.0.0',
	description: '',
	task: 'generate-video',
	tier: 'previz',
	qualities: ['standard'],
	outputs: [],
	cannot: [],
	license: '',
	egress: [],
	by_name: false,
	modes: []
};

export const catalog: Catalog = {
	revision: 'test',
	served: [],
	default_pipeline: 'animatic',
	default_pipelines: { 'generate-video': 'animatic' },
	sockets: {
		Image: look('Image', '#6ea8fe', 'circle'),
		Video: look('Video', '#f6a94b', 'square'),
		Audio: look('Audio', '#59c98b', 'triangle'),
		PipelineReference: look('PipelineReference', '#e6d06c', 'diamond')
	},
	nodes: [
		{
			...kind,
			type: 'asset',
			title: 'Asset',
			surface: 'asset',
			keywords: ['still'],
			inputs: [],
			outputs: [socket('media', 'Image', { type_from: 'kind' })]
		},
		{
			...kind,
			type: 'audio',
			title: 'Audio',
			surface: 'audio',
			inputs: [],
			outputs: [socket('audio', 'Audio')]
		},
		{
			...kind,
			type: 'pipeline',
			title: 'Pipeline',
			surface: 'pipeline',
			inputs: [],
			outputs: [socket('pipeline', 'PipelineReference')]
		},
		{
			...kind,
			type: 'shot',
			title: 'Shot',
			surface: 'shot',
			inputs_from_pipeline: true,
			task: 'generate-video',
			inputs: [socket('pipeline', 'PipelineReference')],
			outputs: [socket('video', 'Video')]
		},
		{
			...kind,
			type: 'assembler',
			title: 'Assembler',
			surface: 'assembler',
			inputs: [socket('clips', 'Video', { many: true }), socket('music', 'Audio')],
			outputs: [socket('film', 'Video')]
		}
	],
	pipelines: [
		{
			...drawn,
			id: 'gone',
			name: 'gone',
			title: 'Gone',
			inputs: [],
			fields: [],
			available: false,
			unavailable_reason: 'No worker'
		},
		{
			...drawn,
			id: 'animatic',
			name: 'animatic',
			title: 'Animatic',
			inputs: [socket('still', 'Image'), socket('voice', 'Audio')],
			fields: [ownField('seconds', 'Seconds', 'slider', { default: 4 })],
			available: true,
			unavailable_reason: ''
		},
		{
			...drawn,
			id: 'restyle',
			name: 'restyle',
			title: 'Restyle',
			inputs: [socket('clip', 'Video', { required: true })],
			fields: [],
			available: true,
			unavailable_reason: ''
		}
	],
	formats: { aspect_ratios: {}, frame_rates: [], qualities: [] }
};

export const index = new CatalogIndex(catalog);
