import { describe, expect, it } from 'vitest';
import { apply } from '../../project/ops.ts';
import { moveInto, scenesFor } from './into.ts';
import { board, scene, shot, sizesOf } from './sketch.ts';

describe('putting cards into a scene by naming it', () => {
	const doc = board([
		scene('s', 0, 0, '01'),
		scene('inner', 10, 50, '02', 's'),
		shot('a', 900, 0, '03', '010'),
		shot('b', 900, 400, '03', '020')
	]);
	const none = () => false;

	it('offers every scene but themselves and those in them', () => {
		expect(scenesFor(doc, ['a'])).toEqual(['s', 'inner']);
		expect(scenesFor(doc, ['s'])).toEqual([]);
		expect(scenesFor(doc, ['inner'])).toEqual(['s']);
	});

	it('lays them side by side in the scene, which grows', () => {
		const sizes = sizesOf(doc);
		const after = apply(doc, moveInto(doc, ['a', 'b'], 'inner', sizes, none));
		const [a, b] = [after.nodes.get('a'), after.nodes.get('b')];
		expect([a?.parent, b?.parent]).toEqual(['inner', 'inner']);
		expect(b?.x).toBeGreaterThan((a?.x ?? 0) + sizes('a').width);
		expect(a?.y).toBe(b?.y);
	});

	it('and out again, onto the board', () => {
		const sizes = sizesOf(doc);
		const inside = apply(doc, moveInto(doc, ['a'], 's', sizes, none));
		const out = apply(inside, moveInto(inside, ['a'], null, sizes, none));
		expect(out.nodes.get('a')?.parent).toBeNull();
		expect(moveInto(out, ['a'], null, sizes, none)).toEqual([]);
	});
});
