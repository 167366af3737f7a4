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
	var found = /^\/p\/([0-9a-f-]{36})(\/|$)/.exec(location.pathname);
	if (!found) return;
	['projects/' + found[1], 'catalog'].forEach(function (what) {
		var link = document.createElement('link');
		link.rel = 'preload';
		link.as = 'fetch';
		link.crossOrigin = 'anonymous';
		link.href = '/api/v1/' + what;
		document.head.append(link);
	});
})();
