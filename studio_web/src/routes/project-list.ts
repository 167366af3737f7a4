/** Searching and sorting the project list. Pure. */
import type { Project } from '#lib/api/types.ts';

export type Order = 'recent' | 'title' | 'created';

export const isOrder = (text: string | null): text is Order =>
	text === 'recent' || text === 'title' || text === 'created';

/** Letters without their accents, so that “ete” finds “Été”. */
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The projects in which every word of the search occurs, in the wished order. */
export function listed(projects: readonly Project[], search: string, order: Order): Project[] {
	const words = plain(search).split(/\s+/).filter(Boolean);
	const found = projects.filter((project) => {
		const text = plain(`${project.title} ${project.description} ${project.slug}`);
		return words.every((word) => text.includes(word));
	});
	const byTitle = (a: Project, b: Project) =>
		a.title.localeCompare(b.title, 'en', { numeric: true, sensitivity: 'base' }) || a.id.localeCompare(b.id);
	const latest = (key: 'updated_at' | 'created_at') => (a: Project, b: Project) =>
		Date.parse(b[key]) - Date.parse(a[key]) || byTitle(a, b);
	const orders = { recent: latest('updated_at'), title: byTitle, created: latest('created_at') };
	return found.sort(orders[order]);
}
