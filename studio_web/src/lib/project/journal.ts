import type { Step } from './history.ts';

/**
 * Where undo outlives the page: one record a tab in this browser's own database, step by step as they are made. Fetched
 * once a project is open. A tab that is gone leaves its history to the next one that opens the project; whether it is
 * gone is told by a lock that the browser takes from it.
 */

/** What can be undone and redone, newest last. */
export interface Steps {
	readonly undo: readonly Step[];
	readonly redo: readonly Step[];
}

interface TabRecord {
	id: string;
	project: string;
	log_id: string;
	/** Milliseconds since 1970. */
	at: number;
	undo: number[];
	redo: number[];
}

interface StepRecord {
	tab: string;
	n: number;
	step: Step;
}

export interface Found extends Steps {
	log_id: string;
}

/** Which tabs live. The browser's own locks, or a stand-in of the tests. */
export interface Liveness {
	/** Makes this page the one that holds a name, if no other does; the answer lets go. */
	hold(name: string): Promise<(() => void) | undefined>;
}

const DATABASE = 'studio-history';
const MOST_OPERATIONS = 40_000;
const MOST_TABS = 8;
const OLD_MS = 30 * 24 * 3600_000;
/** A page that is being reloaded may hold its lock a little longer. */
const PATIENCE_MS = 250;
const TRIES = 6;

export const browserLocks: Liveness = {
	hold: (name) =>
		new Promise((resolve) => {
			void navigator.locks.request(`studio.history.${name}`, { ifAvailable: true }, (lock) => {
				if (!lock) return void resolve(undefined);
				return new Promise<void>((letGo) => resolve(letGo));
			});
		})
};

export class Journal {
	/** What the tab before this page left, if anything. */
	readonly found: Found | undefined;
	readonly #base: IDBDatabase;
	readonly #project: string;
	readonly #id: string;
	readonly #letGo: () => void;
	#numbers = new WeakMap<Step, number>();
	#kept = new Set<number>();
	#next = 1;
	#wanted: { log_id: string; steps: Steps } | undefined;
	#writing = false;

	private constructor(
		base: IDBDatabase,
		project: string,
		id: string,
		letGo: () => void,
		found: Found | undefined,
		numbers: readonly StepRecord[]
	) {
		this.#base = base;
		this.#project = project;
		this.#id = id;
		this.#letGo = letGo;
		this.found = found;
		this.#kept = new Set(numbers.map((one) => one.n));
		this.#next = 1 + Math.max(0, ...this.#kept);
	}

	/** Takes over the history of this tab, else the newest one whose tab is gone. */
	static async open(
		project: string,
		locks: Liveness = browserLocks,
		memory: Pick<Storage, 'getItem' | 'setItem'> = sessionStorage
	): Promise<Journal> {
		const base = await openBase();
		const there = await tabsOf(base, project);
		const key = `studio.tab.${project}`;
		const own = memory.getItem(key);
		let id = own ?? '';
		let letGo = own === null ? undefined : await holdPatiently(locks, own);
		for (const tab of own === null ? there : []) {
			letGo = await locks.hold(tab.id);
			id = tab.id;
			if (letGo) break;
		}
		while (!letGo) {
			id = crypto.randomUUID();
			letGo = await locks.hold(id);
		}
		memory.setItem(key, id);
		const record = there.find((tab) => tab.id === id);
		const steps = await stepsOf(base, id);
		const found = record && steps.length ? foundIn(record, steps) : undefined;
		void prune(base, locks, there, id);
		return new Journal(base, project, id, letGo, found, steps);
	}

	/** Keeps these steps from now on. Only what changed is written; a full disk only costs the undo after a reload. */
	keep(log_id: string, steps: Steps): void {
		this.#wanted = { log_id, steps };
		if (!this.#writing) this.#write();
	}

	close(): void {
		this.#letGo();
	}

	#write(): void {
		const wanted = this.#wanted;
		if (!wanted) return;
		this.#wanted = undefined;
		this.#writing = true;
		const done = () => {
			this.#writing = false;
			this.#write();
		};
		const act = this.#base.transaction(['tabs', 'steps'], 'readwrite');
		act.oncomplete = done;
		act.onabort = done;
		const steps = act.objectStore('steps');
		const number = (step: Step): number => {
			const known = this.#numbers.get(step);
			if (known !== undefined) return known;
			const n = this.#next++;
			this.#numbers.set(step, n);
			steps.put({ tab: this.#id, n, step } satisfies StepRecord);
			return n;
		};
		const undo = within(wanted.steps.undo).map(number);
		const redo = within(wanted.steps.redo).map(number);
		const now = new Set([...undo, ...redo]);
		for (const n of this.#kept) if (!now.has(n)) steps.delete([this.#id, n]);
		this.#kept = now;
		const record = {
			id: this.#id,
			project: this.#project,
			log_id: wanted.log_id,
			at: Date.now(),
			undo,
			redo
		};
		act.objectStore('tabs').put(record satisfies TabRecord);
		// Not left to the browser's leisure: the page may be gone the next moment.
		act.commit();
	}
}

/** The newest steps that together hold no more operations than a browser should keep. */
function within(steps: readonly Step[]): readonly Step[] {
	let count = 0;
	const size = (step: Step) => step.parts.reduce((sum, part) => sum + part.done.length + part.back.length, 0);
	const first = steps.findLastIndex((step) => (count += size(step)) > MOST_OPERATIONS);
	return steps.slice(first + 1);
}

function foundIn(record: TabRecord, steps: readonly StepRecord[]): Found {
	const by = new Map(steps.map((one) => [one.n, one.step]));
	const list = (numbers: readonly number[]) => numbers.flatMap((n) => by.get(n) ?? []);
	return { log_id: record.log_id, undo: list(record.undo), redo: list(record.redo) };
}

async function holdPatiently(locks: Liveness, id: string): Promise<(() => void) | undefined> {
	for (let n = 0; n < TRIES; n++) {
		const letGo = await locks.hold(id);
		if (letGo) return letGo;
		await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
	}
	return undefined;
}

function openBase(): Promise<IDBDatabase> {
	const asked = indexedDB.open(DATABASE, 1);
	asked.onupgradeneeded = () => {
		asked.result.createObjectStore('tabs', { keyPath: 'id' }).createIndex('project', 'project');
		asked.result.createObjectStore('steps', { keyPath: ['tab', 'n'] });
	};
	return answer(asked);
}

function answer<T>(asked: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		asked.onsuccess = () => resolve(asked.result);
		asked.onerror = () => reject(asked.error ?? new Error('The browser keeps no history'));
	});
}

/** The tabs that had this project open, the last one first. */
async function tabsOf(base: IDBDatabase, project: string): Promise<TabRecord[]> {
	const index = base.transaction('tabs').objectStore('tabs').index('project');
	const found = (await answer(index.getAll(project))) as TabRecord[];
	return found.sort((a, b) => b.at - a.at);
}

const range = (tab: string) => IDBKeyRange.bound([tab, 0], [tab, Infinity]);

async function stepsOf(base: IDBDatabase, tab: string): Promise<StepRecord[]> {
	return (await answer(base.transaction('steps').objectStore('steps').getAll(range(tab)))) as StepRecord[];
}

async function prune(
	base: IDBDatabase,
	locks: Liveness,
	tabs: readonly TabRecord[],
	own: string
): Promise<void> {
	const late = tabs.filter((tab, n) => tab.id !== own && (n >= MOST_TABS || Date.now() - tab.at > OLD_MS));
	for (const { id } of late) {
		const letGo = await locks.hold(id);
		if (!letGo) continue;
		const act = base.transaction(['tabs', 'steps'], 'readwrite');
		act.objectStore('tabs').delete(id);
		act.objectStore('steps').delete(range(id));
		act.oncomplete = letGo;
	}
}
