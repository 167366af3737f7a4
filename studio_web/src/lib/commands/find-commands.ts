import type { Workbench } from '../canvas/workbench.svelte.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { toast } from '../feedback/toast.ts';
import { findWords, markWords as words } from '#words/finding.ts';
import type { Command } from './command.ts';
import { ownKeys } from './own-keys.ts';

/** Find on the board, and bookmarks: places of the board that one person comes back to. */

const MARKS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export function findCommands(bench: Workbench): Command[] {
	const { view } = bench;
	const goTo = (n: number) => ({ id: `bookmark-${n}`, keys: [`Alt+${n}`] });
	const setAt = (n: number) => ({ id: `bookmark-set-${n}`, keys: [`Alt+Shift+${n}`] });
	return [
		{
			id: 'find',
			group: 'find',
			title: findWords.title,
			keys: ['Ctrl+F'],
			where: ['board'],
			run: () => (view.finding = true)
		},
		...MARKS.map((n): Command => ({
			...goTo(n),
			group: 'find',
			title: words.go(n),
			row: words.goRow,
			when: () => view.bookmark(n) !== undefined || words.unset(n, ownKeys.first(setAt(n)) ?? ''),
			run: () => {
				const there = view.bookmark(n);
				if (!there) return;
				bench.camera?.go(there);
				announce(words.went(n));
			}
		})),
		...MARKS.map((n): Command => ({
			...setAt(n),
			group: 'find',
			title: words.set(n),
			row: words.setRow,
			run: () => {
				if (!view.viewport) return;
				view.setBookmark(n, view.viewport);
				const text = words.didSet(n, ownKeys.first(goTo(n)) ?? '');
				toast.show(text, { id: 'bookmark', duration: 3000 });
				announce(text);
			}
		}))
	];
}
