import { describe, expect, it } from 'vitest';
import type { GraphNode, SocketSpec, Take } from '../../api/types.ts';
import type { Resolved } from '../../catalog/resolve.ts';
import { wire, type Doc } from '../../project/ops.ts';
import { rowsOf, typedTo, type Told } from './rows.ts';

const node = (id: string, type: string, x: number, parent: string | null = null): GraphNode => ({
	id,
	type,
	x,
	y: 0,
	parent,
	data: {}
});
const edge = wire('still', 'media', 'shot', 'still');
const doc: Doc = {
	nodes: new Map(
		[
			node('cut', 'assembler', 900),
			node('scene', 'scene', 0),
			node('shot', 'shot', 300, 'scene'),
			node('still', 'asset', 0, 'scene')
		].map((one) => [one.id, one])
	),
	edges: new Map([[edge.id, edge]])
};
const input = { name: 'still', label: 'Still', required: true } as SocketSpec;
const told = (more: Partial<Told> = {}): Told => ({
	doc,
	takes: new Map([['shot', [{ name: 't1' }, { name: 't2' }] as Take[]]]),
	resolved: (id) => ({ inputs: id === 'shot' ? [input] : [] }) as unknown as Resolved,
	open: () => true,
	...more
});

describe('the outline', () => {
	it('is scenes, their cards as they are read, their inputs and takes, the newest first', () => {
		expect(rowsOf(told()).map((row) => `${row.level} ${row.kind} ${row.key}`)).toEqual([
			'1 scene scene',
			'2 card still',
			'2 card shot',
			'3 input shot in still',
			'3 take shot take t2',
			'3 take shot take t1',
			'1 card cut'
		]);
	});

	it('says of each line its place among its siblings', () => {
		expect(rowsOf(told()).map((row) => `${row.at}/${row.of}`)).toEqual([
			'1/2',
			'1/2',
			'2/2',
			'1/3',
			'2/3',
			'3/3',
			'2/2'
		]);
	});

	it('hides what is closed, and says what can be opened', () => {
		const rows = rowsOf(told({ open: () => false }));
		expect(rows.map((row) => [row.key, row.open])).toEqual([
			['scene', false],
			['cut', undefined]
		]);
	});

	it('shows only what was found, with the scenes that lead to it', () => {
		const rows = rowsOf(told({ only: new Set(['shot']), open: () => false }));
		expect(rows.map((row) => row.key)).toEqual(['scene', 'shot']);
	});
});

describe('typing a name', () => {
	const names = ['Shot 010', 'Shot 020', 'Asset', 'Scene 01'];
	it.each([
		['s', 0, 1],
		['s', 1, 3],
		['s', 3, 0],
		['ss', 0, 1],
		['sss', 1, 3],
		['sc', 0, 3],
		['shot 02', 1, 1],
		['x', 0, undefined]
	])('%s from %i', (typed, from, at) => {
		expect(typedTo(names, from, typed)).toBe(at);
	});
});
