import type { GraphNode } from '../../api/types.ts';
import type { MenuEntry } from '../../ui/menu.ts';
import { colours, scene as words, sceneCommands as names } from '#words/scenes.ts';
import { flip } from './marking.ts';
import { runScenes } from './run.ts';
import { scenesOf } from './scenes.svelte.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** What one can do with a scene, as the menu on its title lists it. */
export function sceneMenu(bench: Workbench, node: GraphNode): MenuEntry[] {
	const scenes = scenesOf(bench);
	const folded = bench.view.collapsed.has(node.id);
	const linked = scenes.followers(node.id).length > 1;
	return [
		{ label: names.run, keys: 'Ctrl+Shift+Enter', run: () => void runScenes(bench, [node.id]) },
		{ label: names.filmstrip, run: () => (bench.view.dialog = { kind: 'filmstrip', node: node.id }) },
		'line',
		{
			label: node.data.muted === true ? names.unmute : names.mute,
			keys: 'Ctrl+M',
			run: () => flip(bench, 'muted', [node.id])
		},
		{
			label: names.pin,
			checked: node.data.pinned === true,
			keys: 'P',
			run: () => flip(bench, 'pinned', [node.id])
		},
		{
			label: words.colour,
			entries: Object.entries(colours).map(([value, label]) => ({
				label,
				checked: (node.data.colour ?? 'grey') === value,
				run: () => scenes.colour([node.id], value)
			}))
		},
		'line',
		{
			label: folded ? words.expand('') : words.collapse(''),
			keys: 'Alt+C',
			run: () => scenes.collapse([node.id])
		},
		{ label: names.fit, disabled: folded, run: () => scenes.fit(node.id) },
		linked
			? { label: names.unlink, run: () => scenes.unlink(node.id) }
			: {
					label: names.link,
					disabled: scenes.cannotLink(node.id) !== undefined,
					run: () => scenes.duplicateLinked(node.id)
				},
		...(linked ? [{ label: names.link, run: () => scenes.duplicateLinked(node.id) }] : []),
		'line',
		{ label: names.ungroup, keys: 'Ctrl+Shift+G', run: () => scenes.ungroup([node.id]) },
		{
			label: names.remove,
			keys: 'Delete',
			danger: true,
			run: () => {
				bench.board.select([node.id]);
				bench.removeSelection();
			}
		}
	];
}
