import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter } from '@sveltejs/kit';

/**
 * The page's first script (`static/theme.js`) asks for a board's code, and the letters it is written in, together with
 * the project, instead of after the code that all pages need has come and run. It finds the names, which change with every build, on its own element.
 */

interface Chunk {
	file: string;
	imports?: string[];
	css?: string[];
	assets?: string[];
}

/** The element of `app.html` that has the first script, which finds the names on it. */
const PLACE = '<script src="/theme.js" data-parts="%parts%"></script>';
const SCRIPT = 'theme.js';
/** The parts of the page that an opened board waits for; what goes wrong is shown by one of them, which comes along. */
const OPENED = /routes\/(p\/\[project\]\/\+(layout|page)|\+error)\.svelte/;
const READ = /inter-[^/]*\.woff2$/;
const NODE = /\/nodes\/\d+\.js$/;

/** All that a chunk needs before it runs. */
function needed(chunks: Record<string, Chunk>, key: string, found: Set<string>): void {
	const chunk = chunks[key];
	if (!chunk || found.has(chunk.file)) return;
	found.add(chunk.file);
	for (const style of chunk.css ?? []) found.add(style);
	for (const other of chunk.imports ?? []) needed(chunks, other, found);
}

export function early(adapter: Adapter): Adapter {
	return {
		...adapter,
		adapt: (builder) =>
			adapter.adapt({
				...builder,
				generateFallback: async (page) => {
					await builder.generateFallback(page);
					const chunks = JSON.parse(
						readFileSync(join(builder.getClientDirectory(), '.vite/manifest.json'), 'utf8')
					) as Record<string, Chunk>;
					const parts = Object.keys(chunks).filter(
						(key) => NODE.test(key) && OPENED.test(readFileSync(key, 'utf8'))
					);
					const html = readFileSync(page, 'utf8');
					if (parts.length !== 3 || !html.includes(PLACE))
						throw new Error(`The board's code or its place in the page is not found (${parts.join(' ')})`);
					const found = new Set<string>();
					for (const part of parts) needed(chunks, part, found);
					// The letters of all that is read: found by the styles only after they have come, it is laid out twice. Those of
					// timecodes are not among them: an empty board has none, and browsers warn of what is fetched for nothing.
					const fonts = Object.values(chunks).flatMap((chunk) => chunk.assets ?? []);
					for (const file of fonts) if (READ.test(file)) found.add(file);
					const files = [...found].filter((file) => !html.includes(file));
					// Within the page, before its policy: a file of its own would be asked for before anything else is.
					const script = readFileSync(join(builder.getClientDirectory(), SCRIPT), 'utf8').trim();
					const within = `<script data-parts="${files.join(' ')}">${script}</script>`;
					writeFileSync(
						page,
						html.replace(PLACE, () => within)
					);
				}
			})
	};
}
