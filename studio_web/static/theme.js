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
// An opened project and the catalogue are asked for while the page's own script is on its way; it then finds them here.
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
		var link = document.createElement('link');
		link.rel = 'preload';
		link.as = 'fetch';
		link.crossOrigin = 'anonymous';
		link.href = '/api/v1/' + what;
		document.head.append(link);
	});
})();
