/**
 * What a command is. Keys, context menus, the palette and the sheet are all made from the same list of them
 * (board-commands.ts), which is fetched once the board is painted; heavy parts are imported in `run`.
 */

/** The kinds of places a context menu opens on. */
export type Where = 'board' | 'card' | 'scene' | 'wire' | 'socket';

/** What a command is called on. By key and from the palette it is the board; the selection is in `bench.board`. */
export type Place =
	| { kind: 'board'; screen?: { x: number; y: number } }
	| { kind: 'card' | 'scene' | 'wire'; id: string; screen?: { x: number; y: number } }
	| {
			kind: 'socket';
			node: string;
			handle: string;
			side: 'source' | 'target';
			screen?: { x: number; y: number };
	  };

export interface Command {
	/** Lasting: people's own keys are kept under it. */
	id: string;
	/** A name of `groups` in #words/commands.ts; in menus, a line stands between groups. */
	group: string;
	title: string;
	/** Commands with the same row share one line in the sheet, such as the four ways to move. */
	row?: string;
	/** All that trigger it before anybody changes them; the first is shown. */
	keys: readonly string[];
	/** A card that a menu opens on is selected first, so most commands act on the selection and need no place. */
	run: (on: Place) => void;
	/** Whether it can run: yes; no, and the sentence says why; or `false`, and it is not offered at all. */
	when?: (on: Place) => true | false | string;
	/** In which context menus it stands; the palette and the sheet have all. */
	where?: readonly Where[];
	/** Destroys something: menus show it in red, last. */
	danger?: boolean;
	/** Works also while a text field has the focus. Only for keys that no text field knows. */
	anywhere?: boolean;
}

export const onBoard: Place = { kind: 'board' };

/** Why a command cannot run now, `undefined` when it can; one that is not offered gives an empty text. */
export function whyNot(command: Command, on: Place): string | undefined {
	const can = command.when?.(on) ?? true;
	if (can === true) return undefined;
	return can === false ? '' : can;
}

/** Runs it if it can; gives the reason when it cannot. */
export function runOn(command: Command, on: Place): string | undefined {
	const reason = whyNot(command, on);
	if (reason === undefined) command.run(on);
	return reason;
}
