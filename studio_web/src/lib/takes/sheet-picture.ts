/**
 * A contact sheet as one picture: its axes in words, every take with its name, drafts marked as such. `planned` is pure
 * and says where everything lies; `painted` draws it.
 */

export interface PicturedTake {
	name: string;
	src: string | null;
	previz: boolean;
	keeper: boolean;
	active: boolean;
	rejected: boolean;
}

export interface SheetPicture {
	title: string;
	/** How many takes, of when. */
	note: string;
	/** The setting along each side; empty where there is none. */
	row: string;
	column: string;
	columns: readonly string[];
	rows: readonly { label: string; cells: readonly (readonly PicturedTake[])[] }[];
	aspect: number;
	words: { previz: string; noPicture: string; missing: string };
}

interface Box {
	x: number;
	y: number;
}

export interface Plan {
	width: number;
	height: number;
	/** How wide a take's picture is. */
	tile: number;
	columns: readonly number[];
	rows: readonly number[];
	tiles: readonly (Box & { take: PicturedTake })[];
	holes: readonly Box[];
}

/** Browsers draw more, but hardly anything opens it. */
export const MOST_SIDE = 12_000;
export const MOST_PIXELS = 48_000_000;
const WIDEST = 400;
const NARROWEST = 80;
const PAD = 24;
const GAP = 12;
const NAME = 28;
const HEAD = 92;
const LABEL = 40;
const ROW_LABEL = 190;
/** Where only one side is a setting, takes of one value stand in a row of so many. */
const ACROSS = 8;

function at(sheet: SheetPicture, tile: number): Plan {
	const high = tile / sheet.aspect + NAME;
	const counts = sheet.rows.map((line) => line.cells.map((cell) => cell.length));
	const across = sheet.column ? 1 : Math.max(1, Math.min(ACROSS, ...counts.flat()));
	const wide = across * (tile + GAP);
	const left = PAD + (sheet.row ? ROW_LABEL : 0);
	const columns = sheet.columns.map((_, index) => left + index * wide);
	const rows: number[] = [];
	const tiles: (Box & { take: PicturedTake })[] = [];
	const holes: Box[] = [];
	let y = PAD + HEAD + (sheet.column ? LABEL : 0);
	for (const line of sheet.rows) {
		rows.push(y);
		const lines = Math.max(1, ...line.cells.map((cell) => Math.ceil(cell.length / across)));
		line.cells.forEach((cell, column) => {
			const x = columns[column] ?? left;
			if (cell.length === 0) holes.push({ x, y });
			cell.forEach((take, index) =>
				tiles.push({
					take,
					x: x + (index % across) * (tile + GAP),
					y: y + Math.floor(index / across) * (high + GAP)
				})
			);
		});
		y += lines * (high + GAP);
	}
	const width = Math.max(560, left + columns.length * wide - GAP + PAD);
	return { width: Math.ceil(width), height: Math.ceil(y - GAP + PAD), tile, columns, rows, tiles, holes };
}

/** As large as it may be; undefined where the takes do not fit into one picture. */
export function planned(sheet: SheetPicture): Plan | undefined {
	for (let tile = WIDEST; tile >= NARROWEST; tile -= 20) {
		const plan = at(sheet, tile);
		if (Math.max(plan.width, plan.height) <= MOST_SIDE && plan.width * plan.height <= MOST_PIXELS)
			return plan;
	}
	return undefined;
}

/** `harbour_SHOT-010_sheet_20260131-0905.png`: the project, the shot, and when, as exports are named. */
export function sheetName(slug: string, shot: string, when: Date): string {
	const two = (n: number) => String(n).padStart(2, '0');
	const day = `${when.getFullYear()}${two(when.getMonth() + 1)}${two(when.getDate())}`;
	const word = (text: string) => text.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '');
	return [slug, shot, 'sheet', `${day}-${two(when.getHours())}${two(when.getMinutes())}`]
		.map(word)
		.filter(Boolean)
		.join('_')
		.concat('.png');
}

const INK = '#e9eaed';
const MUTED = '#a0a6b0';
const AMBER = '#ffd08a';

function picture(src: string | null): Promise<HTMLImageElement | undefined> {
	if (!src) return Promise.resolve(undefined);
	const image = new Image();
	image.src = src;
	return image.decode().then(
		() => image,
		() => undefined
	);
}

/** Cuts a text to a width, so that it ends in three dots. */
function fitted(pen: OffscreenCanvasRenderingContext2D, text: string, width: number): string {
	if (pen.measureText(text).width <= width) return text;
	let short = text;
	while (short && pen.measureText(`${short}…`).width > width) short = short.slice(0, -1);
	return `${short}…`;
}

function lines(pen: OffscreenCanvasRenderingContext2D, text: string, width: number, most: number): string[] {
	const found: string[] = [];
	let line = '';
	for (const word of text.split(/\s+/)) {
		const longer = line ? `${line} ${word}` : word;
		if (line && pen.measureText(longer).width > width) {
			found.push(line);
			line = word;
		} else line = longer;
	}
	found.push(line);
	const kept = found.slice(0, most);
	if (found.length > most) kept[most - 1] = `${kept[most - 1] ?? ''}…`;
	return kept.map((one) => fitted(pen, one, width));
}

export async function painted(
	sheet: SheetPicture,
	plan: Plan,
	families: { text: string; mono: string }
): Promise<Blob> {
	const canvas = new OffscreenCanvas(plan.width, plan.height);
	const pen = canvas.getContext('2d');
	if (!pen) throw new RangeError('this browser draws no pictures');
	const text = (said: string, x: number, y: number, font: string, colour: string) => {
		pen.font = font;
		pen.fillStyle = colour;
		pen.fillText(said, x, y);
	};
	pen.fillStyle = '#17181b';
	pen.fillRect(0, 0, plan.width, plan.height);
	pen.textBaseline = 'alphabetic';
	pen.font = `600 26px ${families.text}`;
	text(fitted(pen, sheet.title, plan.width - 2 * PAD), PAD, PAD + 28, pen.font, INK);
	text(sheet.note, PAD, PAD + 56, `15px ${families.text}`, MUTED);

	const small = `12px ${families.text}`;
	const bold = `600 15px ${families.text}`;
	const { tile } = plan;
	const high = tile / sheet.aspect;
	plan.columns.forEach((x, index) => {
		if (!sheet.column) return;
		text(sheet.column, x, PAD + HEAD, small, MUTED);
		pen.font = bold;
		text(fitted(pen, sheet.columns[index] ?? '', tile), x, PAD + HEAD + 20, bold, INK);
	});
	plan.rows.forEach((y, index) => {
		if (!sheet.row) return;
		text(sheet.row, PAD, y + 14, small, MUTED);
		pen.font = bold;
		lines(pen, sheet.rows[index]?.label ?? '', ROW_LABEL - GAP, 5).forEach((line, at) =>
			text(line, PAD, y + 34 + at * 19, bold, INK)
		);
	});
	for (const { x, y } of plan.holes) text(sheet.words.missing, x, y + 18, small, MUTED);

	// A few at a time: hundreds of pictures decoded at once would not fit into a small machine.
	for (let from = 0; from < plan.tiles.length; from += 12) {
		const some = plan.tiles.slice(from, from + 12);
		const images = await Promise.all(some.map(({ take }) => picture(take.src)));
		some.forEach(({ take, x, y }, index) => {
			const image = images[index];
			pen.fillStyle = '#000';
			pen.fillRect(x, y, tile, high);
			if (image) {
				const scale = Math.min(tile / image.naturalWidth, high / image.naturalHeight);
				const [wide, tall] = [image.naturalWidth * scale, image.naturalHeight * scale];
				pen.globalAlpha = take.rejected ? 0.35 : 1;
				pen.drawImage(image, x + (tile - wide) / 2, y + (high - tall) / 2, wide, tall);
				pen.globalAlpha = 1;
			} else text(sheet.words.noPicture, x + 10, y + high / 2, small, MUTED);
			if (take.active) {
				pen.strokeStyle = '#f0a63a';
				pen.lineWidth = 3;
				pen.strokeRect(x + 1.5, y + 1.5, tile - 3, high - 3);
			}
			if (take.previz) {
				pen.font = `600 11px ${families.mono}`;
				const wide = pen.measureText(sheet.words.previz).width + 12;
				pen.fillStyle = 'rgb(0 0 0 / 0.75)';
				pen.fillRect(x + 6, y + 6, wide, 18);
				text(sheet.words.previz, x + 12, y + 19, pen.font, AMBER);
			}
			const marks = `${take.keeper ? '★ ' : ''}${take.rejected ? '⊘ ' : ''}`;
			pen.font = `13px ${families.mono}`;
			text(fitted(pen, marks + take.name, tile), x, y + high + 18, pen.font, take.rejected ? MUTED : INK);
		});
	}
	return canvas.convertToBlob({ type: 'image/png' });
}
