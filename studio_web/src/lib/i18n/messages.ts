/**
 * Every text of the page, in one place and typed, so that another language is another module of the same shape.
 * Texts with something in them are functions. Areas have their own modules; components that are there from the start
 * import `m`. A part that is fetched later imports its own area (`#words/compare.ts`), so that its texts come with it.
 */
import * as canvas from './en/canvas.ts';
import * as common from './en/words.ts';
import * as media from './en/media.ts';

export const m = { ...canvas, ...common, ...media };
