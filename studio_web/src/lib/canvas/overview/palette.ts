import type { CatalogIndex } from '../../catalog/catalog-index.ts';
import type { Mark } from './tiles.ts';

/** The theme's colours as a canvas wants them. Read once for each theme. */

export interface Palette {
	panel: string;
	well: string;
	line: string;
	ink: string;
	/** What names on cards are written in. */
	name: string;
	muted: string;
	faint: string;
	accent: string;
	accentSoft: string;
	floor: string;
	marks: Record<Mark, string>;
	wire: (type: string) => string;
	tint: (name: string | undefined) => string;
}

/** The colours people give to scenes and notes (docs/protocol.md), strong enough for both themes. */
const tints: Record<string, string> = {
	grey: '#8c9199',
	red: '#e5645e',
	orange: '#e8894a',
	yellow: '#d9b83f',
	green: '#57b27f',
	teal: '#3fa99b',
	blue: '#5b93e6',
	violet: '#8f7ae6',
	pink: '#d873b3'
};

export function paletteOf(element: Element, catalog: CatalogIndex): Palette {
	const style = getComputedStyle(element);
	const named = (name: string) => style.getPropertyValue(name).trim();
	const wires = new Map<string, string>();
	const wire = (type: string): string => {
		const dashed = type.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
		return named(`--socket-${dashed}`) || catalog.socket(type).colour;
	};
	return {
		panel: named('--panel'),
		well: named('--well'),
		line: named('--line-strong'),
		ink: named('--ink'),
		name: named('--ink'),
		muted: named('--muted'),
		faint: named('--faint'),
		accent: named('--accent'),
		accentSoft: named('--accent-soft'),
		floor: named('--board'),
		marks: {
			running: named('--accent'),
			waiting: named('--warn'),
			failed: named('--danger'),
			stale: named('--warn'),
			locked: named('--ink'),
			missing: named('--muted')
		},
		wire: (type) => {
			const known = wires.get(type) ?? wire(type);
			wires.set(type, known);
			return known;
		},
		tint: (name) => tints[name ?? 'grey'] ?? '#8c9199'
	};
}
