import type { Workbench } from '../canvas/workbench.svelte.ts';
import { canBypass, flip, type Mark } from '../canvas/scenes/marking.ts';
import { addReroute } from '../canvas/scenes/placing.ts';
import { runScenes, stopAll } from '../canvas/scenes/run.ts';
import { scenesOf } from '../canvas/scenes/scenes.svelte.ts';
import { sceneCommands as words, why } from '#words/scenes.ts';
import type { Command, Place } from './command.ts';

/** Scenes, what is muted, bypassed and pinned, notes and reroutes. */

export function sceneCommands(bench: Workbench): Command[] {
	const { board, view } = bench;
	const scenes = scenesOf(bench);
	const chosen = () => board.selected.length > 0 || why.selectCards;
	const meant = (on: Place) => scenes.meant(on.kind === 'scene' ? on.id : undefined);
	const inScene = (on: Place) => meant(on).length > 0 || why.selectScene;
	const one = (on: Place) => meant(on)[0] ?? '';
	return [
		{
			id: 'scene-group',
			group: 'scenes',
			title: words.group,
			keys: ['Ctrl+G'],
			where: ['card', 'scene'],
			when: chosen,
			run: () => scenes.group()
		},
		{
			id: 'scene-ungroup',
			group: 'scenes',
			title: words.ungroup,
			keys: ['Ctrl+Shift+G'],
			where: ['scene'],
			when: inScene,
			run: (on) => scenes.ungroup(meant(on))
		},
		{
			id: 'scene-collapse',
			group: 'scenes',
			title: words.collapse,
			keys: ['Alt+C'],
			where: ['scene'],
			when: inScene,
			run: (on) => scenes.collapse(meant(on))
		},
		{
			id: 'scene-run',
			group: 'scenes',
			title: words.run,
			keys: ['Ctrl+Shift+Enter'],
			where: ['scene'],
			when: inScene,
			run: (on) => void runScenes(bench, meant(on))
		},
		{
			id: 'stop-all',
			group: 'takes',
			title: words.stop,
			keys: ['Ctrl+Alt+Enter'],
			run: () => void stopAll(bench)
		},
		{
			id: 'scene-link',
			group: 'scenes',
			title: words.link,
			keys: [],
			where: ['scene'],
			when: (on) => {
				const id = one(on);
				if (!id) return why.selectScene;
				const no = scenes.cannotLink(id);
				return no === undefined || (no === 'nested' ? why.linkNested : why.linkHolds);
			},
			run: (on) => scenes.duplicateLinked(one(on))
		},
		{
			id: 'scene-unlink',
			group: 'scenes',
			title: words.unlink,
			keys: [],
			where: ['scene'],
			when: (on) => scenes.followers(one(on)).length > 1 || why.notLinked,
			run: (on) => scenes.unlink(one(on))
		},
		{
			id: 'scene-fit',
			group: 'scenes',
			title: words.fit,
			keys: [],
			where: ['scene'],
			when: (on) => (one(on) !== '' && !view.collapsed.has(one(on))) || why.selectScenes,
			run: (on) => scenes.fit(one(on))
		},
		{
			id: 'filmstrip',
			group: 'scenes',
			title: words.filmstrip,
			keys: [],
			where: ['scene', 'card'],
			when: (on) => stripOf(bench, meant(on)) !== undefined || why.filmstrip,
			run: (on) => {
				const node = stripOf(bench, meant(on));
				if (node) view.dialog = { kind: 'filmstrip', node };
			}
		},
		{
			id: 'cut',
			group: 'scenes',
			title: words.cut,
			keys: [],
			where: ['board', 'card'],
			when: () => cutOf(bench) !== undefined || why.cut,
			run: () => {
				const node = cutOf(bench);
				if (node) view.dialog = { kind: 'cut', node };
			}
		},
		...markCommands(bench, chosen),
		{
			id: 'reroute',
			group: 'edit',
			title: words.reroute,
			keys: [],
			where: ['wire'],
			when: (on) => on.kind === 'wire' || board.selectedWires.length === 1 || why.reroute,
			run: (on) => {
				const edge = on.kind === 'wire' ? on.id : board.selectedWires[0];
				if (edge) addReroute(bench, edge, on.screen);
			}
		}
	];
}

/** What a filmstrip is shown of: the selected assembler, else the scene that is meant. */
function stripOf(bench: Workbench, scenes: readonly string[]): string | undefined {
	const { chosen } = bench;
	return chosen?.type === 'assembler' ? chosen.id : scenes[0];
}

/** Whose cut is opened: the selected assembler's, else that of the only one there is. */
function cutOf(bench: Workbench): string | undefined {
	const { chosen } = bench;
	if (chosen?.type === 'assembler') return chosen.id;
	const all = [...bench.session.doc.nodes.values()].filter((node) => node.type === 'assembler');
	return all.length === 1 ? all[0]?.id : undefined;
}

function markCommands(bench: Workbench, chosen: () => true | string): Command[] {
	const { board } = bench;
	const passes = () => {
		if (!board.selected.length) return why.selectCards;
		return (
			board.selected.some((id) => {
				const node = bench.node(id);
				return node && (node.data.bypassed === true || canBypass(bench.session.doc, node, bench.catalog));
			}) || why.noBypass
		);
	};
	const mark = (name: Mark, title: string, key: string, when: Command['when']): Command => ({
		id: name,
		group: 'edit',
		title,
		keys: [key],
		where: name === 'bypassed' ? ['card'] : ['card', 'scene'],
		...(when ? { when } : {}),
		run: () => flip(bench, name)
	});
	return [
		mark('muted', words.mute, 'Ctrl+M', chosen),
		mark('bypassed', words.bypass, 'Ctrl+B', passes),
		mark('pinned', words.pin, 'P', chosen)
	];
}
