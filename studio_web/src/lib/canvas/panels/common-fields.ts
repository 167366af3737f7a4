import type { FieldSpec, GraphNode, Operation, PipelineType } from '../../api/types.ts';
import type { CatalogIndex } from '../../catalog/catalog-index.ts';
import { namedBy } from '../../catalog/edition.ts';
import { resolve, type Resolved } from '../../catalog/resolve.ts';
import { same, type Doc } from '../../project/ops.ts';

/** What several selected cards have in common, and one value for all of them. Pure; the inspector shows it. */

export interface Shared {
	spec: FieldSpec;
	/** The one value all have, the field's own default counted in; undefined where they differ. */
	value: unknown;
	/** The different values there are, the most frequent first; one where all are alike. */
	values: readonly unknown[];
}

export interface Together {
	nodes: readonly GraphNode[];
	fields: readonly Shared[];
	/** The pipelines that all of them can be made with; empty where they are of different kinds. */
	pipelines: readonly PipelineType[];
	/** The pipeline all have chosen (`null` = by the project's quality); undefined where they differ. */
	pipeline: string | null | undefined;
	/** Cards whose pipeline comes by a wire: a choice here changes nothing for them. */
	wired: number;
}

const alike = (a: FieldSpec, b: FieldSpec) =>
	a.type === b.type && a.widget === b.widget && same(a.choices, b.choices) && a.unit === b.unit;

/** The selected cards that make takes, with every field that all of them have in the same form. */
export function together(doc: Doc, catalog: CatalogIndex, ids: readonly string[]): Together {
	const cards = ids.flatMap((id) => {
		const node = doc.nodes.get(id);
		const is = node && resolve(doc, node, catalog);
		return node && is?.type?.task ? [{ node, is }] : [];
	});
	const [first] = cards;
	const own = (is: Resolved) =>
		is.fields.filter((field) => field.name !== 'seed' && field.name !== 'seed_locked');
	const fields = first
		? own(first.is).flatMap((spec): Shared[] => {
				const values = cards.map(({ node, is }) => {
					const found = is.fields.find((field) => field.name === spec.name && alike(field, spec));
					return found && { value: node.data[spec.name] ?? found.default ?? null };
				});
				if (values.some((one) => one === undefined)) return [];
				const counted = frequent(values.map((one) => one?.value ?? null));
				return [{ spec, values: counted, value: counted.length === 1 ? counted[0] : undefined }];
			})
		: [];
	const tasks = new Set(cards.map(({ is }) => is.type?.task));
	const chosen = frequent(
		cards.map(({ node }) => {
			const name = namedBy(node);
			return name ? (catalog.pipeline(name)?.name ?? name) : null;
		})
	);
	return {
		nodes: cards.map(({ node }) => node),
		fields,
		pipelines: tasks.size === 1 ? catalog.catalog.pipelines.filter((one) => tasks.has(one.task)) : [],
		pipeline: chosen.length === 1 ? (chosen[0] as string | null) : undefined,
		wired: cards.filter(({ is }) => is.pipelineFrom === 'wire').length
	};
}

function frequent(values: readonly unknown[]): unknown[] {
	const counted: { value: unknown; count: number }[] = [];
	for (const value of values) {
		const known = counted.find((one) => same(one.value, value));
		if (known) known.count++;
		else counted.push({ value, count: 1 });
	}
	return counted.sort((a, b) => b.count - a.count).map((one) => one.value);
}

/** One value for all: only what changes is written. */
export function setForAll(nodes: readonly GraphNode[], name: string, value: unknown): Operation[] {
	const now = value ?? null;
	return nodes
		.filter((node) => !same(node.data[name] ?? null, now))
		.map((node): Operation => ({ op: 'node.set', id: node.id, name, value: now }));
}
