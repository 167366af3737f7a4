import { describe, expect, it } from 'vitest';
import type { Reason } from '../api/types.ts';
import { inWords, isLong } from './reasons.ts';

const names: Record<string, string> = { s1: 'Shot 010', s2: 'Shot 020', s3: 'Shot 030', s4: 'Shot 040' };
const nameOf = (id: string) => names[id] ?? '';
const reason = (more: Partial<Reason>): Reason => ({
	kind: 'field',
	field: '',
	label: '',
	unit: '',
	was: null,
	now: null,
	node: null,
	nodes: [],
	count: 0,
	text: 'in the words of the studio',
	...more
});

describe('a reason in words', () => {
	it.each<[Partial<Reason>, string]>([
		[{ kind: 'prompt', was: 'Dawn', now: 'Rain' }, 'The prompt changed'],
		[{ label: 'Length', unit: 's', was: 4, now: 6 }, 'Length: 4 s → 6 s'],
		[{ label: 'Badge', was: true, now: null }, 'Badge: on → none'],
		[{ label: 'Words', was: 'x'.repeat(99), now: '' }, 'Words changed'],
		[
			{ kind: 'take', node: 's2', was: 'SHOT-020_v01_take09.mp4', now: 'SHOT-020_v01_take10.mp4' },
			'A newer take of Shot 020 is active'
		],
		[
			{ kind: 'take', node: 's2', was: 'SHOT-020_v02_take01.mp4', now: 'SHOT-020_v01_take10.mp4' },
			'Another take of Shot 020 is active'
		],
		[{ kind: 'marks', node: 's1' }, 'Shot 010 is cut to another length'],
		[
			{ kind: 'passage', field: 'enter', node: 's2', was: '', now: 'dissolve of 12' },
			'How Shot 020 begins: cut → dissolve of 12 frames'
		],
		[
			{ kind: 'passage', field: 'leave', node: 's2', was: 'fade of a second', now: '' },
			'How Shot 020 ends: fade of a second → cut'
		],
		[
			{ kind: 'title', node: 's1', was: '', now: 'One year later' },
			'A title over Shot 010 is new: One year later'
		],
		[{ kind: 'title', node: 's1', was: 'Paris', now: 'Rome' }, 'The title over Shot 010: Paris → Rome'],
		[{ kind: 'title', node: 's1', was: 'x'.repeat(99), now: '' }, 'The title over Shot 010 changed'],
		[{ kind: 'file', label: 'Still', was: 'a.png', now: 'a.png' }, 'a.png was replaced'],
		[{ kind: 'version', label: 'Animatic', was: '1.2.0', now: '1.3.0' }, 'Animatic 1.2.0 → 1.3.0'],
		[{ kind: 'between', was: '24/1', now: '30000/1001' }, 'In-betweens are for 24, the project has 29.97'],
		[{ kind: 'format', field: 'frame_rate', was: '24/1', now: '25/1' }, 'The project’s frame rate: 24 → 25'],
		[{ kind: 'upstream', nodes: ['s1'], count: 1 }, 'Shot 010 will change'],
		[
			{ kind: 'upstream', nodes: ['s1', 's2', 's3', 's4'], count: 30 },
			'Shot 010, Shot 020, Shot 030, and 27 more will change'
		],
		[{ kind: 'upstream', nodes: ['x'], count: 1 }, 'a card that is gone will change'],
		[{ kind: 'of-a-newer-studio' }, 'in the words of the studio']
	])('%o', (more, text) => expect(inWords(reason(more), nameOf)).toBe(text));

	it('shows long texts whole, before and now', () => {
		expect(isLong(reason({ kind: 'prompt', was: 'a', now: 'b' }))).toBe(true);
		expect(isLong(reason({ was: 4, now: 6 }))).toBe(false);
		expect(isLong(reason({ was: 'x'.repeat(99), now: '' }))).toBe(true);
	});
});
