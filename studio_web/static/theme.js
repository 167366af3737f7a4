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
