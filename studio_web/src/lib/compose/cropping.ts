/**
 * The part of a picture that is kept, in its own pixels. Pure, but for `cropped`, which draws it.
 */

export interface Size {
	width: number;
	height: number;
}

export interface Part extends Size {
	x: number;
	y: number;
}

/** The largest part of a picture with a shape (width over height), `zoom` times closer, around a centre from 0 to 1. */
export function partOf(picture: Size, aspect: number, zoom: number, centre: { x: number; y: number }): Part {
	const width = Math.min(picture.width, picture.height * aspect) / zoom;
	const height = width / aspect;
	const fit = (at: number, long: number, part: number) =>
		Math.min(Math.max(at * long - part / 2, 0), long - part);
	return {
		x: fit(centre.x, picture.width, width),
		y: fit(centre.y, picture.height, height),
		width,
		height
	};
}

/** The centre that a part really has, so that a push against the edge does not gather. */
export const centreOf = (picture: Size, part: Part): { x: number; y: number } => ({
	x: (part.x + part.width / 2) / picture.width,
	y: (part.y + part.height / 2) / picture.height
});

const LONGEST = 4096;

/** How large the crop is drawn: as large as it is in the picture, within reason, in whole even pixels. */
export function drawnSize(part: Size): Size {
	const scale = Math.min(1, LONGEST / Math.max(part.width, part.height));
	const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2);
	return { width: even(part.width), height: even(part.height) };
}

/** The part as a file of its own. Null where the browser cannot draw it. */
export async function cropped(
	picture: CanvasImageSource,
	part: Part,
	name: string,
	type: 'image/png' | 'image/jpeg'
): Promise<File | null> {
	const { width, height } = drawnSize(part);
	const canvas = Object.assign(document.createElement('canvas'), { width, height });
	const pen = canvas.getContext('2d');
	if (!pen) return null;
	pen.imageSmoothingQuality = 'high';
	pen.drawImage(picture, part.x, part.y, part.width, part.height, 0, 0, width, height);
	const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.95));
	return blob && new File([blob], `${name}.${type === 'image/png' ? 'png' : 'jpg'}`, { type });
}
