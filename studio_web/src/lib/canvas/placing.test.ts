import { describe, expect, it } from 'vitest';
import type { Surface } from './geometry.ts';
import { placeFor, viewOf, type Placed, type Size } from './placing.ts';

const sizes: Record<string, Size> = {
	shot: { width: 288, height: 460 },
	asset: { width: 232, height: 230 },
	audio: { width: 232, height: 150 },
	pipeline: { width: 264, height: 230 },
	assembler: { width: 336, height: 320 }
};

/** A board filled from the rail, one card after the other. */
function filled(kinds: Surface[]): Placed[] {
	const board: Placed[] = [];
	for (const surface of kinds) {
		const size = sizes[surface] ?? { width: 232, height: 92 };
		const order = surface === 'shot' ? { order: `01 ${String(board.length).padStart(3, '0')}` } : {};
		board.push({ ...size, ...placeFor(surface, size, board, { x: 0, y: 0 }), surface, ...order });
	}
	return board;
}
const of = (board: Placed[], surface: Surface) => board.filter((card) => card.surface === surface);
const xs = (cards: Placed[]) => cards.map((card) => card.x);
const ys = (cards: Placed[]) => cards.map((card) => card.y);
const covered = (board: Placed[]) =>
	board.filter((a) =>
		board.some(
			(b) =>
				a !== b && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
		)
	);

describe('a board filled from the rail', () => {
	it('starts in the middle of what is in sight', () => {
		expect(placeFor('shot', { width: 288, height: 460 }, [], { x: 500, y: 400 })).toEqual({ x: 356, y: 170 });
	});

	it('reads like a film: sources left, shots in rows, the assembler right of everything', () => {
		const board = filled([
			'shot',
			'asset',
			'shot',
			'audio',
			'shot',
			'pipeline',
			'shot',
			'shot',
			'shot',
			'assembler'
		]);
		const [first, , , , fifth, sixth] = of(board, 'shot');
		expect(ys(of(board, 'shot')).slice(0, 5)).toEqual(Array(5).fill(first?.y));
		expect(xs(of(board, 'shot')).slice(0, 5)).toEqual(
			[...xs(of(board, 'shot')).slice(0, 5)].sort((a, b) => a - b)
		);
		expect(sixth?.x).toBe(first?.x);
		expect(sixth?.y).toBeGreaterThan((first?.y ?? 0) + 460);
		const column = board.filter((card) => ['asset', 'audio', 'pipeline'].includes(card.surface));
		expect(new Set(xs(column)).size).toBe(1);
		for (const card of column) expect(card.x + card.width).toBeLessThan(first?.x ?? 0);
		expect(of(board, 'assembler')[0]?.x).toBeGreaterThan((fifth?.x ?? 0) + 288);
		expect(covered(board)).toEqual([]);
	});

	it('goes on below when the assembler stands right of the last shot', () => {
		const board = filled(['asset', 'shot', 'assembler', 'shot', 'shot']);
		const [first, second, third] = of(board, 'shot');
		const wall = of(board, 'assembler')[0];
		expect(second?.x).toBe(first?.x);
		expect(second?.y).toBeGreaterThan(first?.y ?? 0);
		for (const shot of [second, third]) expect((shot?.x ?? 0) + 288).toBeLessThan(wall?.x ?? 0);
	});

	it('never covers a card that someone put in the way', () => {
		const board = filled(['shot', 'asset', 'shot']);
		const odd: Placed = { x: 700, y: 0, width: 400, height: 400, surface: 'unknown' };
		for (const surface of ['shot', 'asset', 'assembler', 'audio', 'unknown'] as const) {
			const size = sizes[surface] ?? { width: 232, height: 92 };
			const spot = placeFor(surface, size, [...board, odd], { x: 0, y: 0 });
			expect(covered([...board, odd, { ...size, ...spot, surface }])).toEqual([]);
		}
	});

	it('begins a second column of sources when the first is long', () => {
		const board = filled([...Array<Surface>(7).fill('asset'), 'shot']);
		expect(new Set(xs(of(board, 'asset'))).size).toBe(2);
		expect(covered(board)).toEqual([]);
	});
});

describe('bringing a new card into view', () => {
	const screen = { width: 1000, height: 700 };
	const now = { x: 0, y: 0, zoom: 1 };
	const card = { x: 100, y: 100, width: 288, height: 460 };

	it('leaves the view alone when it is in sight', () => {
		expect(viewOf(card, [], screen, now)).toBe(now);
	});

	it('shows all cards while they can be read', () => {
		const view = viewOf({ ...card, x: 1000 }, [card], screen, now);
		expect(view.zoom).toBeLessThan(1);
		expect(100 * view.zoom + view.x).toBeGreaterThan(0);
		expect(1288 * view.zoom + view.x).toBeLessThan(1000);
	});

	it('follows the card on a board that is too wide for that', () => {
		const view = viewOf({ ...card, x: 6000 }, [card], screen, now);
		expect(view).toEqual({ x: 1000 - 40 - 6288, y: 0, zoom: 1 });
	});
});
