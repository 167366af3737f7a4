import type { Workbench } from '../canvas/workbench.svelte.ts';
import { reasons, wireWords as words } from '#words/commands.ts';
import type { Command, Place } from './command.ts';

/** Wires and sockets: connecting without a mouse, cutting, and going where a wire leads. */

const idOf = (on: Place) => (on.kind === 'wire' ? on.id : '');

export function wireCommands(bench: Workbench): Command[] {
	const edge = (on: Place) => bench.session.doc.edges.get(idOf(on) || (bench.board.selectedWires[0] ?? ''));
	const atSocket = (on: Place) =>
		on.kind === 'socket'
			? [...bench.session.doc.edges.values()].filter((one) =>
					on.side === 'source'
						? one.source === on.node && one.source_handle === on.handle
						: one.target === on.node && one.target_handle === on.handle
				)
			: [];
	const someWire = (on: Place) => edge(on) !== undefined || reasons.noWire;
	return [
		{
			id: 'connect',
			group: 'edit',
			title: words.connect,
			keys: ['W'],
			where: ['card', 'socket', 'scene'],
			when: (on) => on.kind === 'socket' || bench.chosen !== undefined || reasons.oneCard,
			run: (on) => {
				const { chosen, view } = bench;
				if (on.kind === 'socket')
					view.dialog = {
						kind: 'wire',
						node: on.node,
						end: { node: on.node, handle: on.handle, side: on.side }
					};
				else if (chosen) view.dialog = { kind: 'wire', node: chosen.id };
			}
		},
		{
			id: 'socket-add',
			group: 'add',
			title: words.addHere,
			keys: [],
			where: ['socket'],
			when: (on) => on.kind === 'socket',
			run: (on) => {
				if (on.kind === 'socket')
					bench.openAddMenu({ node: on.node, handle: on.handle, side: on.side }, on.screen);
			}
		},
		{
			id: 'wire-source',
			group: 'view',
			title: words.toSource,
			keys: [],
			where: ['wire'],
			when: someWire,
			run: (on) => bench.show(edge(on)?.source ?? '')
		},
		{
			id: 'wire-target',
			group: 'view',
			title: words.toTarget,
			keys: [],
			where: ['wire'],
			when: someWire,
			run: (on) => bench.show(edge(on)?.target ?? '')
		},
		{
			id: 'wire-cut',
			group: 'edit',
			title: words.cut,
			keys: [],
			where: ['wire'],
			danger: true,
			when: someWire,
			run: (on) => {
				const one = edge(on);
				if (one) bench.cut(one.id);
			}
		},
		{
			id: 'socket-cut',
			group: 'edit',
			title: words.cutAll,
			keys: [],
			where: ['socket'],
			danger: true,
			when: (on) => on.kind === 'socket' && (atSocket(on).length > 0 || reasons.noWireHere),
			run: (on) =>
				bench.session.edit(
					atSocket(on).map((one) => ({ op: 'edge.remove' as const, id: one.id })),
					{ label: words.didCut(atSocket(on).length) }
				)
		}
	];
}
