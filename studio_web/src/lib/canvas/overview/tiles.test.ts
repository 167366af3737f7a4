import { describe, expect, it } from 'vitest';
import type { CardState, GraphNode, Operation, Take, Task } from '../../api/types.ts';
import { index } from '../../catalog/fixture.ts';
import { apply, emptyDoc, wire, type Doc } from '../../project/ops.ts';
import { Deck } from '../deck.ts';
import { Lines } from './lines.ts';
import { Tiles } from './tiles.ts';

const add = (id: string, x: number, parent: string | null = null, type = 'shot'): Operation => ({
	op: 'node.add',
	node: { id, type, x, y: 0, parent, data: {} } satisfies GraphNode
});
const base = apply(emptyDoc, [
	add('scene', 0, null, 'scene'),
	add('inside', 50, 'scene'),
	add('s1', 1000),
	add('s2', 2000),
	{ op: 'edge.add', edge: wire('s1', 'video', 's2', 'motion') },
	{ op: 'edge.add', edge: wire('inside', 'video', 's1', 'motion') }
]);

function board() {
	const [deck, tiles, lines] = [new Deck(), new Tiles(), new Lines()];
	const takes = new Map<string, readonly Take[]>();
	const tasks = new Map<string, Task>();
	const standing = new Map<string, CardState>();
	return {
		takes,
		tasks,
		standing,
		tiles,
		lines,
		look(doc: Doc) {
			const { cards, wires } = deck.deal(doc, index, 16 / 9);
			return {
				tiles: tiles.of(cards, (id) => deck.box(id), { tasks, takes, assets: new Map(), standing }),
				lines: lines.of(wires, deck)
			};
		}
	};
}

describe('the overview looks again', () => {
	it('and finds nothing to paint where nothing changed', () => {
		const it = board();
		const first = it.look(base);
		expect(it.tiles.changed).toHaveLength(4);
		expect(it.lines.changed).toHaveLength(2);
		const again = it.look(base);
		expect([it.tiles.changed, it.lines.changed]).toEqual([[], []]);
		expect(again.tiles.every((tile, n) => tile === first.tiles[n])).toBe(true);
		expect(again.lines.every((line, n) => line === first.lines[n])).toBe(true);
	});

	it('and paints a moved card where it was and where it is, with its wires', () => {
		const it = board();
		it.look(base);
		it.look(apply(base, [{ op: 'node.move', id: 's2', x: 3000, y: 0 }]));
		expect(it.tiles.changed.map((box) => box.x)).toEqual([2000, 3000]);
		expect(it.lines.changed).toHaveLength(2);
	});

	it('and follows the cards of a scene that moved', () => {
		const it = board();
		it.look(base);
		const { lines } = it.look(apply(base, [{ op: 'node.move', id: 'scene', x: 100, y: 0 }]));
		expect(it.tiles.changed.map((box) => box.x)).toEqual([0, 100, 50, 150]);
		expect(lines.find(({ curve }) => curve.from.x === 150 + 288)).toBeDefined();
	});

	it('and paints what is gone', () => {
		const it = board();
		it.look(base);
		const { tiles, lines } = it.look(apply(base, [{ op: 'node.remove', id: 's2' }]));
		expect([tiles.length, lines.length]).toEqual([3, 1]);
		expect(it.tiles.changed.map((box) => box.x)).toEqual([2000]);
		expect(it.lines.changed).toHaveLength(1);
	});

	it('and paints the one card that a machine worked for', () => {
		const it = board();
		it.look(base);
		it.tasks.set('s1', { state: 'running', node_id: 's1' } as Task);
		const { tiles } = it.look(base);
		expect(it.tiles.changed.map((box) => box.x)).toEqual([1000, 1000]);
		expect(tiles.find((tile) => tile.id === 's1')?.mark).toBe('running');
		it.takes.set('s2', [{ name: 'a', thumbnail_url: '/t/1' } as Take]);
		it.look(base);
		expect(it.tiles.changed.map((box) => box.x)).toEqual([2000, 2000]);
	});

	it('and paints the one card whose take is out of date, unless something is done about it', () => {
		const it = board();
		it.look(base);
		it.standing.set('s1', { state: 'stale' } as CardState);
		const { tiles } = it.look(base);
		expect(it.tiles.changed.map((box) => box.x)).toEqual([1000, 1000]);
		expect(tiles.find((tile) => tile.id === 's1')?.mark).toBe('stale');
		it.tasks.set('s1', { state: 'queued', node_id: 's1' } as Task);
		expect(it.look(base).tiles.find((tile) => tile.id === 's1')?.mark).toBe('waiting');
	});
});
