import { describe, expect, it } from 'vitest';
import { scriptText } from './script-text.ts';

const bytes = (...signs: number[]) => new Uint8Array(signs);

describe('the text of a script', () => {
	it('is read in whatever way it was written', () => {
		expect(scriptText(new TextEncoder().encode('\ufeffINT. CAFÉ'))).toBe('INT. CAFÉ');
		expect(scriptText(bytes(0xff, 0xfe, 0x49, 0x00, 0xe9, 0x00))).toBe('Ié');
		expect(scriptText(bytes(0xfe, 0xff, 0x00, 0x49, 0x00, 0xe9))).toBe('Ié');
		expect(scriptText(bytes(0x43, 0x61, 0x66, 0xe9, 0x20, 0x93))).toBe('Café “');
		expect(scriptText(bytes())).toBe('');
	});

	it('is none where the file holds none', () => {
		for (const start of ['%PDF-1.7', 'PK\u0003\u0004'])
			expect(scriptText(new TextEncoder().encode(start))).toBeUndefined();
		expect(scriptText(bytes(0xff, 0x00, 0x81))).toBeUndefined();
	});
});
