import { describe, expect, it } from 'vitest';
import { insertWord } from './insert.ts';

describe('insertWord', () => {
	it.each([
		['', 'close-up', 0, 0, 'Close-up', 8],
		['A woman turns', 'close-up', 13, 13, 'A woman turns, close-up', 23],
		['A woman turns,', 'close-up', 14, 14, 'A woman turns, close-up', 23],
		['She runs. He waits.', 'wide shot', 9, 9, 'She runs. Wide shot, He waits.', 19],
		['A woman, rain', 'backlit', 7, 7, 'A woman, backlit, rain', 16],
		['A big dog runs', 'low angle', 2, 5, 'A, low angle, dog runs', 12]
	])('“%s” + %s at %i-%i', (text, word, from, to, expected, caret) => {
		expect(insertWord(text, word, from, to)).toEqual({ text: expected, caret });
	});
});
