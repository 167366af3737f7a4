import type { Take } from '../../api/types.ts';
import { m } from '../../i18n/messages.ts';
import { isKeeper, turnedDown } from '../../takes/marks.ts';
import type { MenuEntry } from '../../ui/menu.ts';
import { outlineWords as words } from '#words/outline.ts';
import { toggleReject, toggleStar } from '../takes/choosing.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** What can be done with one take, as a menu. */
export function takeEntries(bench: Workbench, node: string, take: Take): MenuEntry[] {
	const choice = [{ node, take: take.name }];
	const data = bench.node(node)?.data ?? {};
	return [
		{ label: words.use, run: () => bench.activate(node, take.name) },
		{
			label: words.play,
			run: () => {
				bench.activate(node, take.name);
				bench.view.dialog = { kind: 'player', node };
			}
		},
		'line',
		{
			label: isKeeper(data, take.name) ? m.shot.unstar : m.shot.star,
			run: () => toggleStar(bench, choice)
		},
		{
			label: turnedDown(data, take.name) === undefined ? m.shot.reject : m.shot.unreject,
			run: () => toggleReject(bench, choice)
		}
	];
}
