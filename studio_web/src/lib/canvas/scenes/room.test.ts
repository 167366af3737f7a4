import { expect, it } from 'vitest';
import { apply } from '../../project/ops.ts';
import { beside, madeWay } from './room.ts';
import { board, card, scene, shot } from './sketch.ts';

const sizes = () => ({ width: 200, height: 300 });

it('puts another scene beside one, and below it where the right is taken', () => {
	const alone = board([scene('s', 0, 0, '01')], []);
	const { width, height } = alone.nodes.get('s')!.data as { width: number; height: number };
	expect(beside(alone, 's', sizes)).toEqual({ x: width + 48, y: 0 });
	const wall = board([scene('s', 0, 0, '01'), shot('w', width + 100, 0, '02', '010')], []);
	expect(beside(wall, 's', sizes).x === 0 || beside(wall, 's', sizes).x >= width + 300).toBe(true);
	const walls = [0, 1, 2, 3, 4, 5].map((n) => shot(`w${n}`, width + 60 + n * 220, 0, '02', `0${n}0`));
	expect(beside(board([scene('s', 0, 0, '01'), ...walls], []), 's', sizes)).toEqual({ x: 0, y: height + 48 });
});

it('moves aside what lies in a scene that opens, and nothing else', () => {
	const doc = board(
		[
			scene('s', 0, 0, '01'),
			card('in', 20, 60, { parent: 's' }),
			shot('over', 60, 100, '02', '010'),
			card('pinned', 60, 100, { data: { pinned: true } }),
			shot('far', 5000, 0, '02', '020')
		],
		[]
	);
	const { operations, moved } = madeWay(doc, ['s'], sizes);
	expect(moved).toBe(1);
	expect(operations.map((one) => 'id' in one && one.id)).toEqual(['over']);
	const after = apply(doc, operations).nodes.get('over')!;
	const frame = doc.nodes.get('s')!.data as { width: number; height: number };
	const clear = after.x >= frame.width || after.y >= frame.height || after.x + 200 <= 0 || after.y + 300 <= 0;
	expect(clear).toBe(true);
	expect(madeWay(apply(doc, operations), ['s'], sizes).moved).toBe(0);
});

it('keeps what it moves in the scene around, which grows for it', () => {
	const doc = board(
		[
			scene('outer', 0, 0, '01'),
			scene('s', 30, 60, '02', 'outer'),
			card('over', 60, 100, { parent: 'outer' })
		],
		[]
	);
	const { operations } = madeWay(doc, ['s'], sizes);
	const after = apply(doc, operations);
	const over = after.nodes.get('over')!;
	const outer = after.nodes.get('outer')!.data as { width: number; height: number };
	expect(over.parent).toBe('outer');
	expect(over.x).toBeGreaterThanOrEqual(0);
	expect(over.y).toBeGreaterThanOrEqual(0);
	expect(outer.width).toBeGreaterThanOrEqual(over.x + 200);
	expect(outer.height).toBeGreaterThanOrEqual(over.y + 300);
});
