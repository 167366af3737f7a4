import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { menuEntries } from './menu-entries.ts';

const command = (id: string, more: Partial<Command>): Command => ({
	id,
	title: id,
	group: 'edit',
	keys: [],
	where: ['card'],
	run: () => {},
	...more
});

describe('a context menu', () => {
	const list = [
		command('remove', { danger: true, keys: ['Delete'] }),
		command('duplicate', { keys: ['Ctrl+D'] }),
		command('generate', { group: 'takes', where: ['card', 'board'], when: () => 'Select a shot first' }),
		command('play', { group: 'takes' }),
		command('never', { when: () => false }),
		command('elsewhere', { where: ['wire'] })
	];

	it('has what belongs to its place, in groups, the destroying last', () => {
		const labels = menuEntries(list, { kind: 'card', id: 'a' }).map((entry) =>
			entry === 'line' ? '-' : 'label' in entry ? entry.label : ''
		);
		expect(labels).toEqual(['duplicate', '-', 'play', '-', 'remove']);
	});

	it('says why something cannot be, on the board', () => {
		expect(menuEntries(list, { kind: 'board' })[0]).toMatchObject({
			disabled: true,
			hint: 'Select a shot first'
		});
	});

	it('shows the keys of the person, also when there are none', () => {
		const own = { duplicate: [{ label: 'Shift+D' }], remove: [] };
		const entries = menuEntries(list, { kind: 'card', id: 'a' }, own);
		expect(entries[0]).toMatchObject({ keys: 'Shift+D' });
		expect(entries.at(-1)).not.toHaveProperty('keys');
	});
});
