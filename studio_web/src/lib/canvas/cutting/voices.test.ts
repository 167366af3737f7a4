import { expect, it } from 'vitest';
import type { Timeline } from '../../api/types.ts';
import { standsInFor } from './voices.ts';

const voice = (node_id: string, language = '', instead: string | null = null) => ({
	node_id,
	name: `${node_id}.wav`,
	language,
	instead,
	there: true,
	heard: !language,
	over: null
});
const clip = (node_id: string, take: string | null, has_audio: boolean, replaced = false) => ({
	node_id,
	shot: `SHOT-${node_id}`,
	take,
	has_audio,
	replaced
});
const cut = {
	voices: [voice('one'), voice('un', 'fr', 'one'), voice('eins', 'de')],
	cuts: [
		clip('010', 'a', true),
		clip('020', 'b', false),
		clip('030', null, false),
		clip('040', 'c', false, true)
	]
} as unknown as Timeline;

it('offers the voices of every film, and shots that are heard, were until a voice stood in, or have no take yet', () => {
	const cards = (one: Timeline['voices'][number]) => standsInFor(cut, one).map((found) => found.card);
	expect(cards(voice('un', 'fr'))).toEqual(['one', '010', '030', '040']);
	expect(cards(voice('one', 'fr'))).toEqual(['010', '030', '040']);
	expect(cards(voice('un', 'fr', '020'))).toContain('020');
});

it('shows what is not in the cut any more', () => {
	expect(standsInFor(cut, voice('un', 'fr', 'gone')).at(-1)).toEqual({
		card: 'gone',
		name: '',
		kind: 'gone'
	});
});
