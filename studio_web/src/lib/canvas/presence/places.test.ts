import { describe, expect, it } from 'vitest';
import type { Person } from '../../api/types.ts';
import { editors, fieldOf, initials, inkOn, summary, whose } from './places.ts';

const person = (name: string, more: Partial<Person> = {}): Person => ({
	id: name,
	name,
	colour: '#336699',
	cursor: null,
	editing: null,
	selected: [],
	...more
});

describe('people', () => {
	it.each([
		['Ana', 'A'],
		['ana maria nowak', 'AN'],
		['  ', '?']
	])('%j has the initials %s', (name, is) => expect(initials(name)).toBe(is));

	it.each([
		['#ffffff', '#000000'],
		['#ffd400', '#000000'],
		['#1a237e', '#ffffff']
	])('on %s words are %s', (colour, ink) => expect(inkOn(colour)).toBe(ink));

	it('are found by the field they edit, on the card and in the inspector', () => {
		const ana = person('Ana', { editing: { node_id: 'n_1', field: 'prompt' } });
		const found = editors([ana, person('Bo')]);
		expect([...found.keys()]).toEqual(['n_1-prompt', 'i-n_1-prompt']);
		expect(found.get('i-n_1-prompt')).toBe(ana);
	});

	it('who edits a card made the change, then who holds it, then the only one there', () => {
		const ana = person('Ana', { selected: ['a'] });
		const bo = person('Bo', { editing: { node_id: 'a', field: 'prompt' } });
		expect(whose([ana, bo], new Set(['a']))).toBe(bo);
		expect(whose([ana, person('Bo')], new Set(['a']))).toBe(ana);
		expect(whose([ana], new Set(['z']))).toBe(ana);
		expect(whose([ana, bo], new Set(['z']))).toBeUndefined();
	});
});

describe('fields', () => {
	const isCard = (id: string) => id === 'n_1' || id === 'i' || id === 'my-card';
	it.each([
		['n_1-prompt', { node_id: 'n_1', field: 'prompt' }],
		['i-n_1-seconds', { node_id: 'n_1', field: 'seconds' }],
		['my-card-in:SHOT-010', { node_id: 'my-card', field: 'in:SHOT-010' }],
		['title', null],
		['n_2-prompt', null]
	])('%s', (id, is) => expect(fieldOf(id, isCard)).toEqual(is));
});

it('a batch is told in cards', () => {
	const node = { id: 'a', type: 'shot', x: 0, y: 0, parent: null, data: {} };
	const told = summary([
		{ op: 'node.add', node },
		{ op: 'node.set', id: 'a', name: 'prompt', value: 'x' },
		{ op: 'node.move', id: 'b', x: 1, y: 1 },
		{ op: 'node.set', id: 'b', name: 'prompt', value: 'x' },
		{ op: 'node.remove', id: 'c' },
		{ op: 'edge.remove', id: 'a.take>b.clips' }
	]);
	expect([[...told.added], [...told.changed], [...told.removed], told.wires]).toEqual([
		['a'],
		['b'],
		['c'],
		1
	]);
});
