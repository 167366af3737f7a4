import type { FieldSpec } from '../../api/types.ts';

/**
 * Points on a picture, as docs/pipelines/contract.md writes them: `{"on": sha256, "at": {name: [x, y]}}`, fractions of
 * width and height. Pure.
 */

export type Spot = readonly [x: number, y: number];
export type Places = Readonly<Record<string, Spot>>;
export type Asked = NonNullable<FieldSpec['points']>;

/** So many picture pixels a step of the keyboard goes, and with Shift. */
export const STEP = 1;
export const LEAP = 10;

const inside = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

function told(text: unknown): Record<string, unknown> | undefined {
	if (typeof text !== 'string') return undefined;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

/** Every point that is asked for, or undefined where one is missing or no place. */
function complete(at: unknown, asked: Asked): Places | undefined {
	if (typeof at !== 'object' || at === null) return undefined;
	const found: Record<string, Spot> = {};
	for (const { name } of asked.points) {
		const spot = (at as Record<string, unknown>)[name];
		if (!Array.isArray(spot) || spot.length !== 2) return undefined;
		const [x, y] = spot as unknown[];
		if (!inside(x) || !inside(y)) return undefined;
		found[name] = [x, y];
	}
	return found;
}

export const placesOf = (text: unknown, asked: Asked): Places | undefined => complete(told(text)?.at, asked);

/** The picture that points were placed on; empty where they do not say. */
export const placedOn = (text: unknown): string => {
	const on = told(text)?.on;
	return typeof on === 'string' ? on : '';
};

/** Whether points were placed on another picture than this one, as far as both are known. */
export const onOther = (text: unknown, oid: string | undefined): boolean => {
	const on = placedOn(text);
	return on !== '' && oid !== undefined && on !== oid;
};

/** What a take's fact says was found in this picture, the likeliest first. */
export function foundIn(fact: unknown, asked: Asked, oid: string): Places[] {
	const said = told(fact);
	if (said?.on !== oid || !Array.isArray(said.found)) return [];
	return said.found.map((at) => complete(at, asked)).filter((places) => places !== undefined);
}

export const starts = (asked: Asked): Places =>
	Object.fromEntries(asked.points.map(({ name, x, y }) => [name, [x, y] as const]));

const round = (share: number) => Math.round(share * 10_000) / 10_000;

export const written = (places: Places, on: string): string =>
	JSON.stringify({
		on,
		at: Object.fromEntries(Object.entries(places).map(([name, [x, y]]) => [name, [round(x), round(y)]]))
	});

const held = (share: number) => Math.min(1, Math.max(0, share));

export const movedTo = (places: Places, name: string, [x, y]: Spot): Places => ({
	...places,
	[name]: [held(x), held(y)]
});

/** All points moved alike, as far as all stay in the picture. */
export function allMoved(places: Places, dx: number, dy: number): Places {
	const spots = Object.values(places);
	const room = (axis: 0 | 1, by: number) =>
		Math.min(
			Math.max(by, -Math.min(...spots.map((spot) => spot[axis]))),
			1 - Math.max(...spots.map((spot) => spot[axis]))
		);
	const [x, y] = [room(0, dx), room(1, dy)];
	return Object.fromEntries(Object.entries(places).map(([name, spot]) => [name, [spot[0] + x, spot[1] + y]]));
}

export function middleOf(places: Places): Spot {
	const spots = Object.values(places);
	const middle = (axis: 0 | 1) => {
		const all = spots.map((spot) => spot[axis]);
		return (Math.min(...all) + Math.max(...all)) / 2;
	};
	return [middle(0), middle(1)];
}

/** All points farther from their middle, or nearer; at the edge of the picture they stop. */
export function spread(places: Places, factor: number): Places {
	const [x, y] = middleOf(places);
	return Object.fromEntries(
		Object.entries(places).map(([name, spot]) => [
			name,
			[held(x + (spot[0] - x) * factor), held(y + (spot[1] - y) * factor)]
		])
	);
}
