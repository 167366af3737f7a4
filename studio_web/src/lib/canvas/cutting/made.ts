/** What fits what a film is made for: its loudness and, where it has one of its own, its shape (width / height). */
export const presets: Record<string, { loudness: string; shape?: number }> = {
	project: { loudness: '16' },
	youtube: { loudness: '14', shape: 16 / 9 },
	vertical: { loudness: '14', shape: 9 / 16 },
	square: { loudness: '14', shape: 1 },
	prores: { loudness: '23' },
	dnxhr: { loudness: '23' },
	reference: { loudness: '16' }
};

/** The loudness of a film: what its assembler says, else what fits what it is made for, as the pipeline has it. */
export function loudnessOf(data: Record<string, unknown>): string {
	const told = data.loudness_target;
	if (typeof told === 'string' && told !== 'auto') return told;
	return presets[typeof data.delivery === 'string' ? data.delivery : 'project']?.loudness ?? '16';
}
