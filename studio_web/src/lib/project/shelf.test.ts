import { expect, it } from 'vitest';
import { shelfOf, type Kept } from './shelf.ts';

/** A browser's storage that can be full. */
class Store {
	entries = new Map<string, string>();
	full = false;
	get length() {
		return this.entries.size;
	}
	key = (n: number) => [...this.entries.keys()][n] ?? null;
	getItem = (key: string) => this.entries.get(key) ?? null;
	removeItem = (key: string) => void this.entries.delete(key);
	setItem(key: string, value: string) {
		if (this.full) throw new DOMException('full', 'QuotaExceededError');
		this.entries.set(key, value);
	}
}

const kept = (at: number, ...ids: string[]): Kept => ({
	log_id: 'log',
	revision: 3,
	at,
	batches: ids.map((op_id) => ({ op_id, operations: [{ op: 'node.remove', id: 'a' }], label: 'Remove' }))
});
const ids = (found: Kept | undefined) => found?.batches.map((batch) => batch.op_id);

it('gives the next page what the pages before it left, oldest first, once', () => {
	const store = new Store();
	expect(shelfOf('p', store).put(kept(2, 'c'))).toBe(true);
	shelfOf('p', store).put(kept(1, 'a', 'b'));
	shelfOf('other', store).put(kept(1, 'x'));
	const next = shelfOf('p', store);
	expect(ids(next.take())).toEqual(['a', 'b', 'c']);
	expect(store.length).toBe(2);
	next.put(kept(3));
	expect(shelfOf('p', store).take()).toBeUndefined();
	expect(ids(shelfOf('other', store).take())).toEqual(['x']);
});

it('leaves out what it cannot read, and says when the browser keeps nothing', () => {
	const store = new Store();
	store.setItem('studio.unsent.p.1', '{half');
	store.setItem('studio.unsent.p.2', '{"batches": [{"op_id": 7}]}');
	expect(shelfOf('p', store).take()).toBeUndefined();
	store.full = true;
	expect(shelfOf('p', store).put(kept(1, 'a'))).toBe(false);
});
