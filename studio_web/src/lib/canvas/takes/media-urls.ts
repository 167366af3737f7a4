import type { Take } from '#lib/api/types.ts';
import { oidOf } from '#lib/takes/given.ts';

/** Where the peaks of a take's sound are; null for a silent one. */
export function waveformUrl(project: string, take: Take): string | null {
	const oid = oidOf(take);
	return take.has_audio && oid ? `/api/v1/projects/${project}/waveforms/${oid}` : null;
}
