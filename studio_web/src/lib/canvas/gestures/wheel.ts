/**
 * A wheel zooms, a trackpad pans: told apart by how they report. Trackpads move sideways and in small pixels, wheels
 * in whole large notches. Undecided events keep the last answer. Pure.
 */
export function looksLikeTrackpad(
	event: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey'>,
	last: boolean
): boolean {
	if (event.ctrlKey) return last;
	if (event.deltaMode !== 0) return false;
	if (event.deltaX !== 0) return true;
	const size = Math.abs(event.deltaY);
	if (size >= 60) return false;
	return size > 0 && size < 30 ? true : last;
}
