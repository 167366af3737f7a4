import type { Operation } from '../api/types.ts';
import { chunks } from './replica.ts';
import type { Session } from './session.svelte.ts';

/** A change of any size as one undo step: sent in as many batches as the studio takes at once. */
export function editInParts(session: Session, operations: readonly Operation[], label: string): void {
	const key = crypto.randomUUID();
	for (const part of chunks(operations)) session.edit(part, { label, key, whole: true });
}
