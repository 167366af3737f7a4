import { expect, it } from 'vitest';
import type { Side } from '../../api/types.ts';
import { choices, grouped, picked, shown } from './sides.ts';

const side = (node_id: string, name: string, who: Side['who']): Side => ({
	key: `${node_id}/${name}`,
	node_id,
	what: 'field',
	name,
	who,
	base: null,
	mine: 'a',
	theirs: 'b'
});
const all = [side('x', 'prompt', 'theirs'), side('x', 'seed', 'both'), side('y', 'prompt', 'mine')];

it('puts what both changed first, card by card', () => {
	expect(grouped(all).map(([who, cards]) => [who, cards.map((card) => card.id)])).toEqual([
		['both', ['x']],
		['theirs', ['x']],
		['mine', ['y']]
	]);
});

it('takes what one side changed, and tells the studio what was chosen', () => {
	expect(all.map((one) => picked(one, {}))).toEqual(['theirs', 'mine', 'mine']);
	expect(choices(all, {})).toEqual({ 'x/seed': 'mine' });
	expect(choices(all, { 'x/seed': 'theirs', 'x/prompt': 'mine', 'y/prompt': 'mine' })).toEqual({
		'x/seed': 'theirs',
		'x/prompt': 'mine'
	});
});

it('shows any value as text', () => {
	expect([shown('Dawn'), shown(null), shown(7), shown([1])]).toEqual(['Dawn', '', '7', '[1]']);
});
