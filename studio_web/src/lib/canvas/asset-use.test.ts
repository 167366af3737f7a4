import { describe, expect, it } from 'vitest';
import type { Asset } from '../api/types.ts';
import { listed, usesOf } from './asset-use.ts';
import { board, card, shot, wires } from './scenes/sketch.ts';

const file = (id: string, kind: string, title: string, day: number) =>
	({ id, kind, title, path: `01_Assets/${title}.x`, created_at: `2026-01-0${day}` }) as unknown as Asset;

describe('how files are used', () => {
	const held = (id: string, asset: string) => card(id, 0, 0, { type: 'asset', data: { asset } });
	const doc = board(
		[
			held('one', 'mara'),
			held('two', 'mara'),
			held('idle', 'fog'),
			card('turn', 0, 0, { type: 'reroute' }),
			shot('a', 0, 0, '01', '010'),
			shot('b', 0, 0, '01', '020'),
			card('cut', 0, 0, { type: 'assembler' })
		],
		wires(
			['one', 'media', 'a', 'still'],
			['two', 'media', 'turn', 'in'],
			['turn', 'out', 'b', 'still'],
			['turn', 'out', 'a', 'pose'],
			['a', 'take', 'cut', 'clips']
		)
	);
	const uses = usesOf(doc, (id) => doc.nodes.get(id)?.type === 'shot');

	it('counts shots once, also behind a reroute, and not the cut behind them', () => {
		expect(uses.get('mara')).toEqual({ cards: ['one', 'two'], shots: ['a', 'b'] });
	});

	it('knows what stands on the board and feeds nothing, and what does not stand there', () => {
		expect(uses.get('fog')).toEqual({ cards: ['idle'], shots: [] });
		expect(uses.has('elsewhere')).toBe(false);
	});

	it('lists by kind and words, the newest first', () => {
		const files = [
			file('1', 'image', 'Mara close', 1),
			file('2', 'audio', 'Mara voice', 3),
			file('3', 'image', 'Fog', 2)
		];
		const ids = (kind: string, text: string) => listed(files, kind, text).map((one) => one.id);
		expect(ids('', '')).toEqual(['2', '3', '1']);
		expect(ids('image', '')).toEqual(['3', '1']);
		expect(ids('', 'mara 01_assets')).toEqual(['2', '1']);
	});
});
