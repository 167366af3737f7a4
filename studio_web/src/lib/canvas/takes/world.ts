import type { World } from '#lib/takes/given.ts';
import type { Workbench } from '../workbench.svelte.ts';

/** The open project as the pure parts of takes read it. Reading it in a derived value follows every part of it. */
export const worldOf = (bench: Workbench): World => ({
	doc: bench.session.doc,
	catalog: bench.catalog,
	takes: bench.session.runs.takes,
	assets: bench.session.runs.assets,
	quality: bench.session.project?.quality
});
