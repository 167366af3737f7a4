import { fitsOn, whyNot, wireFrom, type LooseEnd } from '../../catalog/connect.ts';
import type { SocketSpec } from '../../api/types.ts';
import type { Workbench } from '../workbench.svelte.ts';
import type { CardLanding } from './landing.ts';

/**
 * A wire that was let go on a card, beside its sockets: it goes into the one that fits. Where several folded inputs fit
 * equally well, the person says which. Fetched with the first such drop.
 */

/** `edge` is the wire that is plugged in elsewhere; without it, a new one is made. */
export function plugOn(bench: Workbench, end: LooseEnd, place: CardLanding, edge?: string): void {
	const node = bench.node(place.id);
	if (!node) return;
	const { catalog, session, board, view } = bench;
	const { more } = board.card(node.id)?.data.layout ?? {};
	const folded = more && !more.open ? more.specs : [];
	const plug = ({ name }: SocketSpec) => {
		const wire = wireFrom(end, node.id, name);
		if (edge === undefined) bench.connect(wire);
		else bench.replug(edge, wire);
	};
	const fits = fitsOn(catalog, session.doc, end, node, folded, place.onMore);
	const [only, another] = fits;
	if (!only) bench.refuse(whyNot(catalog, session.doc, end, node));
	else if (!another) plug(only);
	else
		view.choice = {
			at: place.screen,
			entries: fits.map((spec) => ({
				label: spec.label,
				...(spec.help ? { hint: spec.help } : {}),
				run: () => plug(spec)
			}))
		};
}
