import type { Workbench } from '../canvas/workbench.svelte.ts';
import { toast } from '../feedback/toast.ts';
import { m } from '../i18n/messages.ts';
import { keyboardPlace } from '../canvas/gestures/keyboard-place.ts';
import { selectPlace } from '../canvas/gestures/menu-place.ts';
import { typeAhead } from '../canvas/palette/typed-ahead.ts';
import { habits } from '../ui/habits.svelte.ts';
import { panelWords as words } from '#words/commands.ts';
import type { Command } from './command.ts';

/** The palette, settings and docked panels, and what people press out of habit. */

export function panelCommands(bench: Workbench): Command[] {
	const { view } = bench;
	const group = 'panels';
	return [
		{
			id: 'palette',
			group,
			title: words.palette,
			keys: ['Ctrl+K'],
			anywhere: true,
			where: ['board'],
			run: () => {
				view.dialog = { kind: 'palette' };
				typeAhead(() => view.dialog?.kind === 'palette');
			}
		},
		{
			id: 'menu',
			group,
			title: words.menu,
			keys: ['Shift+F10', 'ContextMenu'],
			run: () => {
				const place = keyboardPlace(bench);
				if (!place) return;
				selectPlace(place, bench);
				view.menu = place;
			}
		},
		{ id: 'queue', group, title: m.canvas.queue, keys: ['Q'], run: () => view.toggle('queue') },
		{ id: 'inspector', group, title: m.canvas.inspector, keys: ['I'], run: () => view.toggle('inspector') },
		{
			id: 'assets',
			group,
			title: words.assets,
			keys: ['A'],
			where: ['board'],
			run: () => view.toggle('assets')
		},
		{
			id: 'outline',
			group,
			title: words.outline,
			keys: ['O'],
			where: ['board'],
			run: () => view.toggle('outline')
		},
		{
			id: 'focus',
			group,
			title: words.focus,
			keys: ['F'],
			run: () => view.concentrate(!view.focused)
		},
		{
			id: 'hand',
			group,
			title: words.hand,
			keys: ['H'],
			run: () => {
				habits.choose({ drag: habits.drag === 'hand' ? 'box' : 'hand' });
				toast.show(habits.drag === 'hand' ? words.nowHand : words.nowBox, { id: 'hand', duration: 2500 });
			}
		},
		{
			id: 'tour',
			group,
			title: words.tour,
			keys: [],
			where: ['board'],
			run: () => (view.dialog = { kind: 'tour' })
		},
		{
			id: 'clone',
			group,
			title: words.clone,
			keys: [],
			where: ['board'],
			run: () => (view.dialog = { kind: 'clone' })
		},
		{
			id: 'hooks',
			group,
			title: words.hooks,
			keys: [],
			where: ['board'],
			run: () => (view.dialog = { kind: 'hooks' })
		},
		{
			id: 'project-settings',
			group,
			title: m.canvas.projectSettings,
			keys: [],
			where: ['board'],
			run: () => (view.dialog = { kind: 'project' })
		},
		{
			id: 'settings',
			group,
			title: words.settings,
			keys: ['Ctrl+,'],
			anywhere: true,
			where: ['board'],
			run: () => (view.dialog = { kind: 'settings' })
		},
		{
			id: 'save',
			group,
			title: words.save,
			keys: ['Ctrl+S'],
			anywhere: true,
			run: () => {
				if (
					document.activeElement instanceof HTMLElement &&
					document.activeElement.matches('input, textarea')
				)
					document.activeElement.blur();
				const { link, unsaved, revision } = bench.session;
				const text =
					link === 'live' && unsaved === 0
						? words.alreadySaved(revision)
						: link === 'live'
							? words.saving(unsaved)
							: words.savedLater(unsaved);
				toast.show(text, { id: 'save', duration: 3000 });
			}
		},
		{
			id: 'shortcuts',
			group,
			title: m.canvas.shortcuts,
			keys: ['?'],
			where: ['board'],
			run: () => (view.dialog = { kind: 'shortcuts' })
		}
	];
}
