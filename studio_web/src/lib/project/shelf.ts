import type { Operation } from '../api/types.ts';

/**
 * Where edits wait that the studio has not taken yet, so that a reload or a closed tab loses none. Written by the
 * session at every change, read once when a project is opened. Each page has a place of its own; the next page takes
 * over what others left. Two live pages may send the same batch: the studio carries out an op_id once.
 */

export interface KeptBatch {
	readonly op_id: string;
	readonly operations: readonly Operation[];
	readonly label: string;
}

export interface Kept {
	/** The log and the revision that the page knew when it wrote this. */
	log_id: string | null;
	revision: number;
	/** Milliseconds since 1970. */
	at: number;
	batches: readonly KeptBatch[];
}

export interface Shelf {
	/** Everything that pages before this one left, oldest first; it is this page's from now on. */
	take(): Kept | undefined;
	/** Replaces what this page keeps; nothing to keep clears its place. False when the browser refuses. */
	put(kept: Kept): boolean;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export function shelfOf(project: string, store: Store = localStorage): Shelf {
	const prefix = `studio.unsent.${project}.`;
	const own = prefix + crypto.randomUUID();

	function put(kept: Kept): boolean {
		try {
			if (kept.batches.length) store.setItem(own, JSON.stringify(kept));
			else store.removeItem(own);
			return true;
		} catch {
			return false;
		}
	}

	function take(): Kept | undefined {
		try {
			const keys = Array.from({ length: store.length }, (_, n) => store.key(n) ?? '').filter((key) =>
				key.startsWith(prefix)
			);
			const found = keys.flatMap((key) => read(store.getItem(key))).sort((a, b) => a.at - b.at);
			const [first] = found;
			if (!first) return undefined;
			const whole = { ...first, batches: found.flatMap((kept) => kept.batches) };
			if (put(whole)) for (const key of keys) store.removeItem(key);
			return whole;
		} catch {
			return undefined;
		}
	}

	return { take, put };
}

/** A note that a newer or older page wrote in another shape is left out rather than sent half. */
function read(text: string | null): Kept[] {
	try {
		const value: unknown = JSON.parse(text ?? 'null');
		return isKept(value) ? [value] : [];
	} catch {
		return [];
	}
}

function isKept(value: unknown): value is Kept {
	if (typeof value !== 'object' || value === null) return false;
	const { at, revision, batches } = value as Partial<Kept>;
	return (
		typeof at === 'number' &&
		typeof revision === 'number' &&
		Array.isArray(batches) &&
		batches.every(
			(one: Partial<KeptBatch> | null) => typeof one?.op_id === 'string' && Array.isArray(one.operations)
		)
	);
}
