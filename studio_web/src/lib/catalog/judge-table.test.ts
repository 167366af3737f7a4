import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Catalog, GraphNode, WireGraph } from '../api/types.ts';
import { docOf } from '../project/ops.ts';
import { CatalogIndex } from './catalog-index.ts';
import { judge } from './connect.ts';
import { resolve } from './resolve.ts';

/** The table that this judge and the server's are held to, with the catalogue as the server would send it. */
interface Table {
	boards: Record<string, WireGraph>;
	cards: { board: string; node: string; pipeline: string | null; inputs: string[]; outputs: string[] }[];
	wires: { board: string; wire: string; refused: string | null }[];
}

const read = (name: string): unknown =>
	JSON.parse(readFileSync(new URL(`../../../../tests/data/${name}`, import.meta.url), 'utf8'));
const table = read('judge.json') as Table;
const catalog = new CatalogIndex(read('judge-catalog.json') as Catalog);
const boards = new Map(Object.entries(table.boards).map(([name, board]) => [name, docOf(board)]));
const at = (name: string) => boards.get(name) ?? docOf({ nodes: {}, edges: {} });

describe('the table of both judges', () => {
	it.each(table.wires)('$board: $wire', ({ board, wire, refused }) => {
		const [source = '', source_handle = '', target = '', target_handle = ''] = wire.split(/[.>]/);
		const verdict = judge(catalog, at(board), { source, source_handle, target, target_handle });
		expect(verdict.ok ? null : verdict.reason).toBe(refused);
	});

	it.each(table.cards)('$board: $node', ({ board, node, pipeline, inputs, outputs }) => {
		const is = resolve(at(board), at(board).nodes.get(node) as GraphNode, catalog);
		expect(is.pipeline?.id ?? null).toBe(pipeline);
		expect(is.inputs.map((spec) => `${spec.name}:${spec.type}`)).toEqual(inputs);
		expect(is.outputs.map((spec) => `${spec.name}:${spec.type}`)).toEqual(outputs);
	});
});
