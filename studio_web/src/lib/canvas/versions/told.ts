import { announce } from '#lib/feedback/announce.svelte.ts';
import { toast } from '#lib/feedback/toast.ts';
import * as words from '#words/alternates.ts';

/** Another alternate is on the board: everybody who looks is told; who asked for it has the way back in the same toast. */

const ID = 'other-board';
let askedHere: string | undefined;

export function tellBoard(actor: string, name: string): void {
	if (askedHere === name) return;
	toast.show(words.nowOn(name), { id: ID, description: words.nowOnText(actor), duration: 9000 });
	announce(words.nowOn(name));
}

/** This page asked: the same toast, with the way back. */
export function tellHere(name: string, back?: { name: string; run: () => void }): void {
	toast.success(words.nowOn(name), {
		id: ID,
		duration: 9000,
		...(back ? { action: { label: words.backTo(back.name), run: back.run } } : {})
	});
	announce(words.nowOn(name));
}

export function asking(name: string | undefined): void {
	askedHere = name;
}
