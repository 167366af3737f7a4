// Runs before the first paint, so that a light studio does not flash dark. The page's own script takes over afterwards.
(function () {
	var theme = 'dark';
	try {
		theme = localStorage.getItem('studio.theme') || 'dark';
	} catch {
		/* storage is switched off: dark it is */
	}
	if (theme === 'system') {
		theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
	}
	document.documentElement.dataset.theme = theme === 'light' ? 'light' : 'dark';
})();
// An opened project, the catalogue and the code of the board are asked for while the code of all pages is on its way.
(function () {
	var found = /^\/p\/([0-9a-f-]{36})($|\/.*)/.exec(location.pathname);
	if (!found) return;
	var project = 'projects/' + found[1];
	// A board that was left at some place is asked for with what is in sight there; the rest comes after the picture.
	try {
		var view = !/^\/compose/.test(found[2]) && JSON.parse(localStorage.getItem('studio.view.' + found[1]));
		if (view && view.zoom > 0) {
			var area = [-view.x, -view.y, innerWidth, innerHeight].map(function (long) {
				return Math.round(long / view.zoom);
			});
			// As far around as cards are made ready (canvas/board.svelte.ts).
			project += '?near=' + [area[0] - area[2], area[1] - area[3], 3 * area[2], 3 * area[3]];
		}
	} catch {
		/* storage is switched off, or holds something else: the whole project it is */
	}
	[project, 'catalog'].forEach(function (what) {
		ask('/api/v1/' + what, 'preload', 'fetch');
	});
	// Named by the build (early.ts).
	document.currentScript.dataset.parts.split(' ').forEach(function (file) {
		if (/\.css$/.test(file)) ask('/' + file, 'preload', 'style');
		else if (/\.woff2$/.test(file)) ask('/' + file, 'preload', 'font');
		else if (/\.js$/.test(file)) ask('/' + file, 'modulepreload');
	});
	function ask(href, rel, as) {
		var link = document.createElement('link');
		link.rel = rel;
		if (as) {
			link.as = as;
			// As those ask who use it: else it would be fetched twice.
			link.crossOrigin = 'anonymous';
		}
		link.href = href;
		document.head.append(link);
	}
})();
