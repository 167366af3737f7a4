import type { EditExport } from '../api/types.ts';
import { m } from '../i18n/messages.ts';

/** The files of an export in the order an editor takes them up, each with what it is for. Pure. */

export interface ExportedFile {
	name: string;
	path: string;
	url: string;
	kind: string;
	use: string;
}

type Role = 'picture' | 'sound' | 'otio' | 'other';

const places: readonly Role[] = ['picture', 'sound', 'otio', 'other'];

function roleOf(name: string): Role {
	if (name.endsWith('.otio')) return 'otio';
	if (!name.endsWith('.edl')) return 'other';
	return /_A12(_P\d+)?\.edl$/.test(name) ? 'sound' : 'picture';
}

export function exportedFiles(done: EditExport): ExportedFile[] {
	const found = done.files.map((file) => {
		const name = file.path.split('/').at(-1) ?? file.path;
		return { ...file, name, role: roleOf(name), part: Number(/_P(\d+)\.edl$/.exec(name)?.[1] ?? 1) };
	});
	found.sort((a, b) => places.indexOf(a.role) - places.indexOf(b.role) || a.part - b.part);
	return found.map(({ name, path, url, role, part }) => {
		const { kind, use } = m.exported[role];
		if (part === 1) return { name, path, url, kind, use };
		return { name, path, url, kind: m.exported.part(kind, part), use: m.exported.partUse(part - 1) };
	});
}
