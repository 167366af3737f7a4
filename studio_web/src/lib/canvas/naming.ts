import type { CatalogIndex } from '../catalog/catalog-index.ts';
import { resolve } from '../catalog/resolve.ts';
import type { Doc } from '../project/ops.ts';
import { cardName } from './deck.ts';

/** What cards are called, and where their names are kept. */

/** The name of a card, on screen and aloud; one that is not there goes by its id. */
export function nameIn(catalog: CatalogIndex, doc: Doc, id: string): string {
	const node = doc.nodes.get(id);
	return node ? cardName(node, resolve(doc, node, catalog)) : id;
}

/** In which field of a card its own name is: files are named by `name`, everything else by `title`. */
export const titleField = (type: string): 'name' | 'title' =>
	type === 'asset' || type === 'audio' ? 'name' : 'title';
