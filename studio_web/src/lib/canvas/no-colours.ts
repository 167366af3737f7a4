/**
 * Stands in for d3-color, which d3's transitions bring along (vite.config.ts): Svelte Flow uses them to move the view,
 * and what is read here as a colour never is one.
 */

/** `color(text)`: the colour, or null where the text is none. Also stands right of `instanceof`. */
export function color(): null {
	return null;
}

export function rgb(r = 0, g = 0, b = 0, opacity = 1) {
	return { r, g, b, opacity };
}

export { rgb as cubehelix, rgb as hcl, rgb as hsl, rgb as lab };
