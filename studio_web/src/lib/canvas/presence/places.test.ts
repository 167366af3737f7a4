import { describe, expect, it } from 'vitest';
import type { Person } from '../../api/types.ts';
import { editors, fieldOf, heldBy, initials, inkOn, pointerAt, summary, whose } from './places.ts';

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

describe('in a scene that is collapsed here', () => {
	const shownFor = (id: string) => (id.startsWith('in') ? 'scene' : id);

	it('what somebody holds shows on the collapsed scene, counted', () => {
		const ana = person('Ana', { selected: ['in1', 'in2', 'out'] });
		expect(heldBy([ana], shownFor)).toEqual([
			{ person: ana, id: 'scene', inside: 2, writes: false },
			{ person: ana, id: 'out', inside: 0, writes: false }
		]);
	});

	it('a field that somebody writes in shows there too; on a card that is drawn the field says so itself', () => {
		const ana = person('Ana', { editing: { node_id: 'in1', field: 'prompt' } });
		const bo = person('Bo', { editing: { node_id: 'out', field: 'prompt' } });
		expect(heldBy([ana, bo], shownFor)).toEqual([{ person: ana, id: 'scene', inside: 1, writes: true }]);
	});

	it('a pointer in it points at the collapsed scene, unless it is on a card that is drawn', () => {
		const folded = [
			{ box: { x: 0, y: 0, width: 300, height: 140 }, room: { x: 0, y: 0, width: 900, height: 600 } }
		];
		const nowhere = () => false;
		expect(pointerAt({ x: 700, y: 500 }, folded, nowhere)).toEqual({ x: 300, y: 140 });
		expect(pointerAt({ x: 100, y: 50 }, folded, nowhere)).toEqual({ x: 100, y: 50 });
		expect(pointerAt({ x: 700, y: 500 }, folded, () => true)).toEqual({ x: 700, y: 500 });
		expect(pointerAt({ x: 1000, y: 500 }, folded, nowhere)).toEqual({ x: 1000, y: 500 });
	});
});
