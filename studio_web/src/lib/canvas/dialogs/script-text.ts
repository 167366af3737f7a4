/** The text of a script's file. Pure; the twin of `decoded` in studio_server/domain/script.py. */

const others = [
	[0x25, 0x50, 0x44, 0x46], // PDF
	[0x50, 0x4b, 0x03, 0x04], // zip: docx, odt
	[0xd0, 0xcf, 0x11, 0xe0] // an old Word file
];

/** UTF-8 or UTF-16 by its mark, else UTF-8, else Latin-1 as Windows writes it; undefined for what holds no text. */
export function scriptText(bytes: Uint8Array): string | undefined {
	if (others.some((signs) => signs.every((sign, at) => bytes[at] === sign))) return undefined;
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return bytes.includes(0) ? undefined : new TextDecoder('windows-1252').decode(bytes);
	}
}
