import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { early } from './early.ts';

/** Where a studio server is running, for `npm run dev` only. */
const server = process.env.STUDIO_API ?? 'http://127.0.0.1:8000';

/** Debian's own browser: nothing is downloaded for the component tests. */
const chromium = {
	executablePath: process.env.STUDIO_CHROMIUM ?? '/usr/bin/chromium',
	args: [
		'--no-sandbox',
		'--disable-gpu',
		'--disable-quic',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync'
	]
};

/** What a page is drawn by: the parts of routes, a layout around them too. The canvas and the composer are under `/p/`. */
const canvas = /src.routes.p[\\/].*\+(page|layout)\.(svelte|ts)$/;
const others = /src.routes[\\/](?!p[\\/]).*\+(page|layout|error)\.(svelte|ts)$/;

type Graph = { getModuleInfo: (id: string) => { importers: string[] } | null };

/** Whether a page needs a module before it is drawn: by imports that wait for each other, not by those that come later. */
function needs(pages: RegExp, id: string, graph: Graph, seen = new Set<string>()): boolean {
	if (pages.test(id)) return true;
	if (seen.has(id)) return false;
	seen.add(id);
	return (graph.getModuleInfo(id)?.importers ?? []).some((importer) => needs(pages, importer, graph, seen));
}

export default defineConfig({
	plugins: [
		{
			// Kit's code for servers comes along with its code for pages; no page of ours writes data as code.
			name: 'no-uneval',
			enforce: 'pre',
			resolveId: (source, importer, { ssr }) =>
				!ssr && source === './src/uneval.js' && importer?.includes('devalue')
					? new URL('./src/lib/canvas/no-uneval.ts', import.meta.url).pathname
					: null
		},
		{
			// Svelte Flow 1.7.0 takes its wheel listener off and on again whenever the view has moved, and Chromium then paints
			// all that lies under it anew: half of what a frame of a pan cost. It stays on while nothing else has changed.
			name: 'wheel-once',
			enforce: 'pre',
			transform(code, id) {
				if (!/xyflow.svelte.dist.lib.actions.zoom.index\.js$/.test(id)) return null;
				const once = code.replace(
					'update(params) {',
					`update(params) {
						const before = last;
						last = params;
						const anew = ['viewport', 'onTransformChange', 'onDraggingChange', 'setPanZoomInstance'];
						if (Object.keys(params).every((key) => anew.includes(key) || params[key] === before[key])) return;`
				);
				if (once === code) throw new Error(`${id} is not as it was: see whether it still needs this`);
				return once.replace('return {', 'let last = params;\nreturn {');
			}
		},
		{
			name: 'icons-copied',
			enforce: 'pre',
			resolveId: (source, importer) =>
				source === '../Icon.svelte' && importer?.includes('@lucide/svelte/dist/icons')
					? new URL('./src/lib/ui/Drawing.svelte', import.meta.url).pathname
					: null
		},
		tailwindcss(),
		sveltekit({
			compilerOptions: {
				runes: ({ filename }) => (filename.split(/[/\\]/).includes('node_modules') ? undefined : true)
			},
			adapter: early(adapter({ fallback: '200.html', precompress: true })),
			csp: {
				mode: 'hash',
				// `frame-ancestors` cannot be said in a <meta> tag: the server sends it as a header.
				directives: {
					'default-src': ['none'],
					'script-src': ['self'],
					'style-src': ['self'],
					'style-src-attr': ['unsafe-inline'],
					'img-src': ['self', 'blob:', 'data:'],
					'media-src': ['self', 'blob:'],
					'font-src': ['self'],
					'connect-src': ['self', 'ws:', 'wss:'],
					'worker-src': ['self'],
					'manifest-src': ['self'],
					'form-action': ['self'],
					'base-uri': ['none'],
					'require-trusted-types-for': ['script'],
					'trusted-types': ['svelte-trusted-html', 'sveltekit-trusted-url', 'studio-worker-url']
				}
			}
		})
	],
	resolve: {
		// Svelte Flow moves the view and nothing else with d3's transitions: no colour is ever between two others.
		alias: { 'd3-color': new URL('./src/lib/canvas/no-colours.ts', import.meta.url).pathname }
	},
	build: {
		rolldownOptions: {
			output: {
				// Few larger files instead of sixty small ones: half as many to ask for, less to send in all.
				codeSplitting: {
					groups: [
						// Kit gives the page's version to this one before it fetches the rest, which reads it once. In
						// one file with the rest it came too late, and every page took itself for an old one.
						{ name: 'start', test: /runtime.client.payload\.js|vite.preload-helper/, priority: 11 },
						{
							name: 'svelte',
							test: /node_modules[\\/](svelte|esm-env|clsx|devalue)[\\/]/,
							priority: 10,
							minShareCount: 5
						},
						{ name: 'icons', test: /@lucide.svelte.dist.icons/, minShareCount: 3, priority: 9 },
						{ name: 'flow', test: /node_modules.(@xyflow|d3-)/, priority: 9 },
						{
							// What every page needs is taken first: a group takes along whatever its modules import.
							debugName: 'what every page needs',
							name: (id: string, graph: Graph) =>
								needs(canvas, id, graph) && needs(others, id, graph) ? 'shell' : null,
							priority: 9
						},
						{
							// What only the canvas needs at once: fifty small files are slower to ask for than one.
							debugName: 'what the canvas needs',
							name: (id: string, graph: Graph) => (needs(canvas, id, graph) ? 'canvas' : null),
							test: /src.lib/
						}
					]
				}
			}
		}
	},
	server: {
		host: '127.0.0.1',
		proxy: {
			'/api': { target: server, changeOrigin: true },
			'/ws': { target: server, changeOrigin: true, ws: true, rewriteWsOrigin: true }
		}
	},
	optimizeDeps: {
		// Named here, so that a first test run does not find them one by one and reload under a running test.
		include: [
			'@xyflow/svelte',
			'bits-ui',
			'socket.io-client',
			'svelte/attachments',
			'svelte/reactivity',
			'svelte/transition'
		],
		exclude: ['@lucide/svelte']
	},
	test: {
		expect: { requireAssertions: true },
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					include: ['src/**/*.test.ts'],
					exclude: ['src/**/*.svelte.test.ts']
				}
			},
			{
				extends: true,
				test: {
					name: 'browser',
					include: ['src/**/*.svelte.test.ts'],
					// As the tests of whole programs (CONTRIBUTING.md): the summary names what needed a second try.
					retry: 1,
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions: chromium }),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
});
