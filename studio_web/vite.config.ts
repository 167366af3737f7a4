import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

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

export default defineConfig({
	plugins: [
		tailwindcss(),
		sveltekit({
			compilerOptions: {
				runes: ({ filename }) => (filename.split(/[/\\]/).includes('node_modules') ? undefined : true)
			},
			adapter: adapter({ fallback: '200.html', precompress: true }),
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
						{
							name: 'svelte',
							test: /node_modules.(svelte|esm-env|clsx|devalue)./,
							priority: 10,
							minShareCount: 5
						},
						{ name: 'icons', test: /@lucide.svelte.dist.icons/, minShareCount: 3 },
						{ name: 'flow', test: /node_modules.(@xyflow|d3-)/ },
						{
							name: 'shell',
							test: /node_modules.@lucide.svelte.dist.(?!icons)|src.lib.(i18n.(messages|when|en.(canvas|count|media|projects|words))|api|feedback|media.(Thumb|Previz|timecode)|ui.(Button|Icon|Kbd|Spin|Badge|tip|Skel))/
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
