import { api } from '../api/client.ts';
import type { ErrorBody, FullSync, Take } from '../api/types.ts';
import { whenPainted } from '../ui/idle.ts';

/**
 * The live connection of one project, reduced to what the session needs, so that tests can stand in for it.
 *
 * The board is shown from one plain request; the live connection and its code come right after the first picture, and
 * before them the takes that a large board does not show at once. It knows nothing of graphs. Reconnecting is its own affair; it reports every connect.
 */

export interface Line {
	on(event: string, listener: (payload: never) => void): void;
	/** Takes of cards that were not in sight at first, before anything that happened since. */
	onTakes(listener: (takes: Record<string, Take[]>) => void): void;
	onUp(listener: () => void): void;
	/** Called when the line drops or cannot be made; `refusal` when the studio said why. */
	onDown(listener: (refusal: ErrorBody | undefined) => void): void;
	/** Resolves with the acknowledgement, rejects when none came in time. */
	send(command: string, payload: unknown): Promise<unknown>;
	/** Sends what is of use right now or not at all: no acknowledgement, nothing kept while the line is down. */
	tell(command: string, payload: unknown): void;
	/** Drops the connection and makes a new one. */
	again(): void;
	close(): void;
}

const RETRY_MS = 2_000;
const PATIENCE_MS = 700;

/**
 * How the project is asked for at first. `static/theme.js` has asked already while the code was on its way, for a board
 * that this person left at some place: with the takes in sight there.
 */
function firstAsk(project: string): string {
	const asked = document.querySelector<HTMLLinkElement>(
		`link[rel=preload][href^="/api/v1/projects/${project}"]`
	);
	return asked?.getAttribute('href')?.replace('/api/v1', '') ?? `/projects/${project}`;
}

export function openLine(project: string): Line {
	const waiting: ((line: Line) => void)[] = [];
	const first: ((sync: FullSync) => void)[] = [];
	const rest: ((takes: Record<string, Take[]>) => void)[] = [];
	const downs: ((refusal: ErrorBody | undefined) => void)[] = [];
	let line: Line | undefined;
	let closed = false;
	const asked = new AbortController();

	/** Listeners that came before the connection are handed to it in their order. */
	const whenThere = (use: (line: Line) => void) => (line ? use(line) : void waiting.push(use));

	let gone = false;
	const go = (): void => {
		if (!gone && !closed) void connect();
		gone = true;
	};

	async function connect(): Promise<void> {
		try {
			const { openSocket } = await import('./socket.ts');
			if (closed) return;
			line = openSocket(project);
			for (const use of waiting.splice(0)) use(line);
		} catch {
			// The studio went away before the connection's code was fetched.
			for (const listener of downs) listener(undefined);
			setTimeout(() => !closed && void connect(), RETRY_MS);
		}
	}

	/** The first picture is there; a tab in the background paints nothing. */
	const painted = () =>
		new Promise<void>((done) => {
			whenPainted(done);
			setTimeout(done, PATIENCE_MS);
		});

	async function begin(): Promise<void> {
		try {
			const sync = await api.get<FullSync>(firstAsk(project), asked.signal);
			for (const listener of first) listener(sync);
			await painted();
			if (sync.whole === false && !closed) {
				const takes = await api.get<Record<string, Take[]>>(`/projects/${project}/takes`, asked.signal);
				for (const listener of rest) listener(takes);
			}
		} catch {
			// Whatever is wrong, the live connection says it in the words of the studio, and brings what is missing.
			await painted();
		}
		go();
	}
	void begin();

	return {
		on: (event, listener) => {
			if (event === 'server:full_sync') first.push(listener as (sync: FullSync) => void);
			whenThere((there) => there.on(event, listener));
		},
		onTakes: (listener) => void rest.push(listener),
		onUp: (listener) => whenThere((there) => there.onUp(listener)),
		onDown: (listener) => {
			downs.push(listener);
			whenThere((there) => there.onDown(listener));
		},
		send: (command, payload) =>
			line ? line.send(command, payload) : Promise.reject(new Error('The line is not up yet')),
		tell: (command, payload) => line?.tell(command, payload),
		again: () => line?.again(),
		close: () => {
			closed = true;
			asked.abort();
			line?.close();
		}
	};
}
