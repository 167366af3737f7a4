import { describe, expect, it } from 'vitest';
import type { Operation } from '../api/types.ts';
import { Replica } from './replica.ts';

const set = (name: string): Operation => ({ op: 'node.set', id: 'a', name, value: [[0, 900, 'Hello.']] });

describe('what a task writes on the board', () => {
	it('is a step of undo for who ordered it, and none for others', () => {
		const replica = new Replica();
		const node = { id: 'a', type: 'audio', x: 0, y: 0, parent: null, data: {} };
		replica.load(0, 'log', { nodes: new Map([['a', node]]), edges: new Map() });
		replica.ordered.set('mine', 'Wrote captions');
		replica.receive(1, 'theirs', [set('captions:1')], 'machine');
		expect(replica.history.undo).toHaveLength(0);
		replica.receive(2, 'mine', [set('captions:2')], 'machine');
		expect(replica.undo()).toMatchObject({ label: 'Wrote captions' });
		expect(Object.keys(replica.view.nodes.get('a')?.data ?? {})).toEqual(['captions:1']);
		replica.redo();
		expect(Object.keys(replica.view.nodes.get('a')?.data ?? {})).toHaveLength(2);
	});
});
