import { expect, it } from 'vitest';
import type { EditExport } from '../api/types.ts';
import { exportedFiles } from './exported.ts';

const file = (name: string) => ({ path: `04_Project_Files/EDLs/${name}`, url: `/media/${name}` });

it('lists every file with what it is for, picture before sound before the rest', () => {
	const names = [
		'fog_v001_24.otio',
		'fog_v001_24_A12_P02.edl',
		'fog_v001_24_P02.edl',
		'fog_v001_24.edl',
		'fog_v001_24_A12.edl',
		'fog_v001_24.fcpxml',
		'fog_v001_24.aaf',
		'fog_v001_24.xyz'
	];
	const shown = exportedFiles({ files: names.map(file) } as EditExport);
	expect(shown.map(({ name, kind }) => [name.slice(8), kind])).toEqual([
		['_24.edl', 'Picture list (EDL)'],
		['_24_P02.edl', 'Picture list (EDL), part 2'],
		['_24_A12.edl', 'Sound list (EDL)'],
		['_24_A12_P02.edl', 'Sound list (EDL), part 2'],
		['_24.otio', 'OpenTimelineIO'],
		['_24.fcpxml', 'FCPXML'],
		['_24.aaf', 'AAF (experimental)'],
		['_24.xyz', 'Further file']
	]);
	expect(shown.every((one) => one.use !== '')).toBe(true);
});
