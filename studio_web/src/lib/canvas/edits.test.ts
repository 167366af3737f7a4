import { describe, expect, it } from 'vitest';
import type { GraphNode, Operation, Take } from '../api/types.ts';
import { index } from '../catalog/fixture.ts';
import { apply, emptyDoc, wire } from '../project/ops.ts';
import { cutsOf } from './cuts.ts';
import { connect, nudge, remove } from './edits.ts';
import { addPlugged, addWired, newNode, typesThatFit } from './new-cards.ts';
import { cutList, moveCut } from './cut-order.ts';

const add = (id: string, type: string, data: Record<string, unknown> = {}): Operation => ({
	op: 'node.add',
	node: { id, type, x: 0, y: 0, parent: null, data }
});
const join = (from: string, out: string, to: string, into: string): Operation => ({
	op: 'edge.add',
	edge: wire(from, out, to, into)
});
const doc = apply(emptyDoc, [
	add('img', 'asset', { kind: 'image' }),
	add('img2', 'asset', { kind: 'image' }),
	add('s2', 'shot', { scene: '01', code: '020' }),
	add('s10', 'shot', { scene: '01', code: '100' }),
	add('s1', 'shot', { scene: '01', code: '010', active_take: 'b' }),
	add('cut', 'assembler'),
	join('img', 'media', 's1', 'still'),
	...['s2', 's10', 's1'].map((id) => join(id, 'video', 'cut', 'clips'))
]);
const cut = () => doc.nodes.get('cut') as GraphNode;

describe('making nodes', () => {
	it('takes the catalogue defaults and the scene of the newest shot', () => {
		expect(newNode(index, doc, 'shot', { x: 1.4, y: 2.6 })).toMatchObject({
			x: 1,
			y: 3,
			data: { scene: '01' }
		});
		expect(newNode(index, emptyDoc, 'shot', { x: 0, y: 0 }).data).toEqual({});
	});

	it('plugs the card of a dropped file into the card it was dropped on, where something fits', () => {
		const still = newNode(index, doc, 'asset', { x: 0, y: 0 }, { kind: 'image' });
		expect(addPlugged(index, doc, still, 's2')[1]).toMatchObject({
			op: 'edge.add',
			edge: { source: still.id, target: 's2', target_handle: 'still' }
		});
		expect(addPlugged(index, doc, still, 'cut')).toHaveLength(1);
		expect(addPlugged(index, doc, still, undefined)).toHaveLength(1);
	});

	it('wires a new node to the loose end', () => {
		const node = newNode(index, doc, 'shot', { x: 0, y: 0 });
		const operations = addWired(index, doc, node, { node: 'img', handle: 'media', side: 'source' });
		expect(operations[1]).toMatchObject({
			op: 'edge.add',
			edge: { target: node.id, target_handle: 'still' }
		});
	});

	it('offers only what takes the loose end', () => {
		expect([...typesThatFit(index, doc, { node: 'img', handle: 'media', side: 'source' })]).toEqual(['shot']);
		expect([...typesThatFit(index, doc, { node: 'cut', handle: 'music', side: 'target' })]).toEqual([
			'audio'
		]);
	});
});

describe('wires', () => {
	it('cuts the wire that a single input gives up, and makes the same wire once', () => {
		const asked = { source: 'img2', source_handle: 'media', target: 's1', target_handle: 'still' };
		expect(connect(index, doc, asked).map((operation) => operation.op)).toEqual(['edge.remove', 'edge.add']);
		expect(connect(index, doc, { ...asked, source: 'img' })).toEqual([]);
	});

	it('removes wires that go with their node only once', () => {
		const operations = remove(doc, ['s1'], ['img.media>s1.still', 's2.video>cut.clips', 'gone']);
		expect(operations).toEqual([
			{ op: 'edge.remove', id: 's2.video>cut.clips' },
			{ op: 'node.remove', id: 's1' }
		]);
		expect(nudge(doc, ['s1', 'gone'], 10, 0)).toEqual([{ op: 'node.move', id: 's1', x: 10, y: 0 }]);
	});
});

describe('the cut', () => {
	it('is in order of scene and code until someone orders it', () => {
		expect(cutList(doc, cut()).map((edge) => edge.source)).toEqual(['s1', 's2', 's10']);
	});

	it('moves a shot by one place and stops at the ends', () => {
		const after = apply(doc, moveCut(doc, cut(), 's1.video>cut.clips', 1));
		expect(cutList(after, after.nodes.get('cut') as GraphNode).map((edge) => edge.source)).toEqual([
			's2',
			's1',
			's10'
		]);
		expect(moveCut(doc, cut(), 's1.video>cut.clips', -1)).toEqual([]);
		expect(moveCut(doc, cut(), 'gone', 1)).toEqual([]);
	});

	it('counts in frames of the project and marks what is missing', () => {
		const take = (name: string, frames: number, frame_rate: string) => ({ name, frames, frame_rate }) as Take;
		const takes = new Map([
			['s1', [take('a', 10, '24/1'), take('b', 48, '24/1')]],
			['s2', [take('c', 16, '16/1')]]
		]);
		const lines = cutsOf(doc, cut(), takes, { frames: 24, seconds: 1 });
		expect(lines.map(({ label, frames, start }) => [label, frames, start])).toEqual([
			['010', 48, 0],
			['020', 24, 48],
			['100', 0, 72]
		]);
		expect(lines[2]?.take).toBeUndefined();
	});
});
