import type { GraphEdge } from '../api/types.ts';
import { behind } from '../catalog/resolve.ts';
import type { Doc } from '../project/ops.ts';

/** What comes along a wire, as far as the board knows it: a value card's text or number. Pure. */
export function wiredValue(doc: Doc, edge: GraphEdge): string | undefined {
	const value = behind(doc, edge)?.data.value;
	return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
