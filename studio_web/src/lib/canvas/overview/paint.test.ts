import { expect, test } from 'vitest';
import { shortened } from './paint.ts';

/** A pen that writes every letter ten wide. */
const pen = { measureText: (text: string) => ({ width: text.length * 10 }) as TextMetrics };

test('a name that does not fit is cut, with three dots, and never wider than its room', () => {
	expect(shortened(pen, 'Arrival', 70)).toBe('Arrival');
	expect(shortened(pen, 'Arrival', 69)).toBe('Arriv…');
	expect(shortened(pen, 'The road to the harbour', 95)).toBe('The road…');
});

test('a few letters and dots say nothing, so they are left out', () => {
	expect(shortened(pen, 'Arrival', 49)).toBe('');
	expect(shortened(pen, 'Arrival', 0)).toBe('');
});
