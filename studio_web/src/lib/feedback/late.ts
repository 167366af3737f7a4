import { m } from '../i18n/messages.ts';
import { keep } from '../ui/kept.ts';
import { toast } from './toast.ts';

/**
 * Parts of the page that are fetched late, in one way for all: while the studio is away they are fetched again until it
 * answers. What the page wants for itself comes quietly. What a person asked for is told, opens by itself when it is
 * here, and only offers itself when the person has turned to something else meanwhile. A part that the studio no longer
 * has, after an update, is offered as a reload, and only then: while the studio is away a reload would take the page
 * from people.
 *
 * Browsers fetch a module again whose first fetch failed (HTML, "don't cache HTTP errors in the module map"). Style
 * sheets the bundler asks for once only, so those that failed are put into the page again.
 */

export type Load<Part> = () => Promise<Part>;

/** What a person asked for and how it is asked for once more. Without `again` the asker waits where it is. */
export interface Wish {
	/** The part is not to be had now: takes back what would stand open without it. */
	away?: (() => void) | undefined;
	again?: (() => void) | undefined;
	/** Keeps it over a reload while it is wished, and forgets it when it is done. */
	keep?: ((wished: boolean) => void) | undefined;
}

/** For what is open because a value is set: it closes, and is opened on the same value again; under a key, also after a reload. */
export const reopens = <Value>(
	value: Value,
	set: (value: Value | undefined) => void,
	key?: string
): Wish => ({
	away: () => set(undefined),
	again: () => set(value),
	keep: key === undefined ? undefined : (wished) => keep(key, wished ? value : null)
});

const WAITS_MS = [400, 1000, 2000, 3000];
const PATIENCE_MS = 8000;
const ID = 'late';

const lostStyles: HTMLLinkElement[] = [];
let back: Promise<void> | undefined;
/** The newest thing that was asked for and did not come; what was asked for before it has been given up. */
let newest: object | undefined;

if (typeof document !== 'undefined')
	document.addEventListener(
		'error',
		({ target }) =>
			target instanceof HTMLLinkElement && target.rel === 'stylesheet' && lostStyles.push(target),
		true
	);

/**
 * The part once it is here, however long the studio is away. With a wish, undefined when the asker was sent away or the
 * part is gone; without one, a part that is gone is waited for until the page is reloaded.
 */
export async function late<Part>(load: Load<Part>): Promise<Part>;
export async function late<Part>(load: Load<Part>, wish: Wish): Promise<Part | undefined>;
export async function late<Part>(load: Load<Part>, wish?: Wish): Promise<Part | undefined> {
	try {
		return await load();
	} catch {
		const coming = untilHere(load);
		if (wish) await tell(coming, wish);
		const part = await coming;
		return wish ? (wish.again ? undefined : part) : (part ?? new Promise<Part>(() => {}));
	}
}

/** Does something that needs a part, asked for by a person. */
export function asked<Part>(load: Load<Part>, use: (part: Part) => void): void {
	void late(load, { again: () => asked(load, use) }).then((part) => part && use(part));
}

/** Undefined when the studio answers and has it no more; that is said. */
async function untilHere<Part>(load: Load<Part>): Promise<Part | undefined> {
	for (let refused = 0; refused < 2;) {
		if (await answers()) {
			refused += 1;
			await pause(WAITS_MS[0]!);
		} else {
			refused = 0;
			await (back ??= studioBack());
		}
		try {
			await styles();
			return await load();
		} catch {
			// Again, until the studio answers and still has no such part.
		}
	}
	toast.warn(m.shell.newVersion, {
		id: 'stale',
		duration: 0,
		action: { label: m.common.reload, run: () => location.reload() }
	});
	return undefined;
}

async function tell(part: Promise<unknown>, wish: Wish): Promise<void> {
	const mine = {};
	newest = mine;
	let turned = false;
	const turn = () => (turned = true);
	wish.keep?.(true);
	wish.away?.();
	toast.warn(m.shell.notNow, {
		id: ID,
		duration: 0,
		...(wish.again ? { action: { label: m.errors.tryAgain, run: wish.again } } : {})
	});
	// The key press or click that asked for it is still on its way.
	const listening = setTimeout(() => {
		addEventListener('pointerdown', turn, true);
		addEventListener('keydown', turn, true);
	});
	const here = await part;
	clearTimeout(listening);
	removeEventListener('pointerdown', turn, true);
	removeEventListener('keydown', turn, true);
	if (newest !== mine) return;
	if (here && wish.again && turned)
		return toast.show(m.shell.nowHere, {
			id: ID,
			duration: 0,
			action: { label: m.shell.doNow, run: () => again(wish) }
		});
	toast.dismiss(ID);
	if (here) again(wish);
}

function again(wish: Wish): void {
	wish.keep?.(false);
	wish.again?.();
}

/** Waits until the studio answers; one question at a time for all that wait. */
async function studioBack(): Promise<void> {
	for (let tries = 0; !(await answers()); tries++)
		await pause(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]!);
	back = undefined;
}

const answers = (): Promise<boolean> =>
	fetch(location.pathname, {
		method: 'HEAD',
		cache: 'no-store',
		signal: AbortSignal.timeout(PATIENCE_MS)
	}).then(
		({ status }) => status < 500,
		() => false
	);

/** Passes at once when the browser says that it has a network again. */
const pause = (ms: number): Promise<void> =>
	new Promise((done) => {
		const end = () => {
			clearTimeout(timer);
			removeEventListener('online', end);
			done();
		};
		const timer = setTimeout(end, ms);
		addEventListener('online', end);
	});

function styles(): Promise<unknown> {
	return Promise.all(
		lostStyles.splice(0).map(
			(lost) =>
				new Promise((done, failed) => {
					const link = lost.cloneNode() as HTMLLinkElement;
					link.onload = done;
					link.onerror = failed;
					lost.replaceWith(link);
				})
		)
	);
}
