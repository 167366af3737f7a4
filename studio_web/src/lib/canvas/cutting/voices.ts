import type { Timeline } from '../../api/types.ts';

/** What a voice in another language can stand in for. Pure. */

export interface Original {
	card: string;
	name: string;
	kind: 'voice' | 'shot' | 'gone';
}

/**
 * The voices of every film and the shots whose takes are heard, or will be, a card once. What a voice names that the cut
 * does not have any more is among them, so that it can be seen and taken away.
 */
export function standsInFor(cut: Timeline, voice: Timeline['voices'][number]): Original[] {
	const found = new Map<string, Original>();
	for (const one of cut.voices)
		if (!one.language && one.node_id !== voice.node_id)
			found.set(one.node_id, { card: one.node_id, name: one.name, kind: 'voice' });
	for (const clip of cut.cuts)
		if (clip.has_audio || clip.replaced || !clip.take || clip.node_id === voice.instead)
			found.set(clip.node_id, { card: clip.node_id, name: nameOf(clip), kind: 'shot' });
	const { instead } = voice;
	if (instead && !found.has(instead)) found.set(instead, { card: instead, name: '', kind: 'gone' });
	return [...found.values()];
}

/** A number is given to a shot in each scene. */
const nameOf = (clip: Timeline['cuts'][number]) =>
	clip.scene ? `${clip.shot} of scene ${clip.scene}` : clip.shot;
