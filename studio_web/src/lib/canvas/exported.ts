import type { EditExport } from '../api/types.ts';
import { exported as words } from '#words/exported.ts';

/** The files of an export in the order an editor takes them up, each with what it is for. Pure. */

export interface ExportedFile {
	name: string;
	path: string;
	url: string;
	kind: string;
	use: string;
}

type Role = keyof Omit<typeof words, 'part' | 'partUse'>;

/** By how a name ends, in the order in which they are shown. */
const endings: readonly (readonly [RegExp, Role])[] = [
	[/_A12(_P\d+)?\.edl$/, 'sound'],
	[/_FILE32(_P\d+)?\.edl$/, 'file32'],
	[/_PRECONFORM(_P\d+)?\.edl$/, 'preconform'],
	[/_MARKERS(_P\d+)?\.edl$|_markers\.csv$/, 'markers'],
	[/_A\d{2,}(_P\d+)?\.edl$/, 'laid'],
	[/\.edl$/, 'picture'],
	[/\.otio$/, 'otio'],
	[/\.xml$/, 'xml'],
	[/\.fcpxml$/, 'fcpxml'],
	[/\.aaf$/, 'aaf'],
	[/\.ale$/, 'ale'],
	[/_reels\.csv$/, 'reels'],
	[/\.(srt|vtt)$/, 'subtitles']
];
const places: readonly Role[] = [
	'picture',
	'sound',
	'laid',
	'otio',
	'xml',
	'fcpxml',
	'file32',
	'preconform',
	'ale',
	'aaf',
	'reels',
	'subtitles',
	'markers',
	'other'
];

const roleOf = (name: string): Role => endings.find(([ending]) => ending.test(name))?.[1] ?? 'other';

export function exportedFiles(done: EditExport): ExportedFile[] {
	const found = done.files.map((file) => {
		const name = file.path.split('/').at(-1) ?? file.path;
		return { ...file, name, role: roleOf(name), part: Number(/_P(\d+)\.edl$/.exec(name)?.[1] ?? 1) };
	});
	found.sort((a, b) => places.indexOf(a.role) - places.indexOf(b.role) || a.part - b.part);
	return found.map(({ name, path, url, role, part }) => {
		const { kind, use } = words[role];
		if (part === 1) return { name, path, url, kind, use };
		return { name, path, url, kind: words.part(kind, part), use: words.partUse(part - 1) };
	});
}
