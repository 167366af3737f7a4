import type { CatalogIndex } from '../catalog/catalog-index.ts';

/** The colour of a socket type: the theme's own where it has one, else the catalogue's. */
export function socketColour(catalog: CatalogIndex, type: string): string {
	const name = type.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
	return `var(--socket-${name}, ${catalog.socket(type).colour})`;
}
