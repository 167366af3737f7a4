import { describe, expect, it } from 'vitest';
import { index } from '../../catalog/fixture.ts';
import { node } from '../../takes/fixture.ts';
import { setForAll, together } from './common-fields.ts';

const docOf = (...nodes: ReturnType<typeof node>[]) => ({
	nodes: new Map(nodes.map((one) => [one.id, one])),
	edges: new Map()
});

describe('several cards', () => {
	it('share the fields that all of them have', () => {
		const doc = docOf(
			node('a'),
			node('b', { seconds: 4 }),
			node('c', { pipeline: 'restyle' }),
			node('d', {}, 'asset')
		);
		const both = together(doc, index, ['a', 'b', 'd', 'gone']);
		expect(both.nodes.map((one) => one.id)).toEqual(['a', 'b']);
		expect(both.fields.map((field) => field.spec.name)).toEqual(['seconds']);
		// One has the standard value and the other the same by hand.
		expect(both.fields[0]?.value).toBe(4);
		expect(together(doc, index, ['a', 'c']).fields).toEqual([]);
		expect(together(doc, index, []).nodes).toEqual([]);
	});

	it('say where they differ, the most frequent value first', () => {
		const doc = docOf(node('a', { seconds: 9 }), node('b', { seconds: 2 }), node('c', { seconds: 2 }));
		const [seconds] = together(doc, index, ['a', 'b', 'c']).fields;
		expect(seconds?.value).toBeUndefined();
		expect(seconds?.values).toEqual([2, 9]);
	});

	it('are written together, each once', () => {
		const nodes = [node('a', { seconds: 9 }), node('b', { seconds: 2 })];
		expect(setForAll(nodes, 'seconds', 2)).toEqual([{ op: 'node.set', id: 'a', name: 'seconds', value: 2 }]);
		expect(setForAll(nodes, 'pipeline', null)).toEqual([]);
	});

	it('know whether one pipeline was chosen for all', () => {
		const doc = docOf(node('a'), node('b', { pipeline: 'restyle' }));
		expect(together(doc, index, ['a']).pipeline).toBeNull();
		expect(together(doc, index, ['a', 'b']).pipeline).toBeUndefined();
		expect(together(doc, index, ['a']).pipelines.map((one) => one.id)).toContain('animatic');
	});
});
