import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation, SocketSpec } from '../api/types.ts';
import { CatalogIndex } from '../catalog/catalog-index.ts';
import { catalog } from '../catalog/fixture.ts';
import { apply, emptyDoc, wire } from '../project/ops.ts';
import { setBy, wiredValue } from './wired-value.ts';

const words: SocketSpec = {
	...{ name: 'value', type: 'String', label: 'Text', required: false, many: false, help: '' },
	...{ type_from: null, role: null }
};
const [kind] = catalog.nodes;
const index = new CatalogIndex({
	...catalog,
	sockets: {
		...catalog.sockets,
		String: { label: 'String', noun: 'text', colour: '', shape: 'bar', accepts: ['String'] }
	},
	nodes: [...catalog.nodes, { ...kind!, type: 'text', title: 'Text', surface: 'value', outputs: [words] }],
	pipelines: catalog.pipelines.map((one) => ({
		...one,
		fields: one.fields.map((field) => ({ ...field, type: 'String' as const }))
	}))
});
const add = (id: string, type: string, data: Record<string, unknown>): Operation => ({
	op: 'node.add',
	node: { id, type, x: 0, y: 0, parent: null, data } satisfies GraphNode
});
const base = apply(emptyDoc, [
	add('t', 'text', { value: '8' }),
	add('img', 'asset', { kind: 'image' }),
	add('s', 'shot', { exposed: ['seconds'] }),
	{ op: 'edge.add', edge: wire('t', 'value', 's', 'seconds') }
]);
const by = (doc = base) => setBy(index, doc, doc.nodes.get('s')!, 'seconds');

describe('the wire that sets a field', () => {
	it('is the one in its socket, with what it brings', () => {
		expect(by()?.source).toBe('t');
		expect(wiredValue(base, by()!)).toBe('8');
	});

	it('is none where the field is no socket any more, though the wire is kept', () => {
		expect(by(apply(base, [{ op: 'node.set', id: 's', name: 'exposed', value: null }]))).toBeUndefined();
	});

	it('is none where its card is muted, as the studio sees it', () => {
		expect(by(apply(base, [{ op: 'node.set', id: 't', name: 'muted', value: true }]))).toBeUndefined();
	});

	it('is none where it does not fit', () => {
		const other = apply(base, [
			{ op: 'edge.remove', id: by()!.id },
			{ op: 'edge.add', edge: wire('img', 'media', 's', 'seconds') }
		]);
		expect(by(other)).toBeUndefined();
	});
});
