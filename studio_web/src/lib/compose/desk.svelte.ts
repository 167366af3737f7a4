import { SvelteMap } from 'svelte/reactivity';
import { isErrorBody } from '../api/client.ts';
import type { Asset, GraphNode, Take } from '../api/types.ts';
import { madeBy } from '../catalog/edition.ts';
import { into, resolve, wantedPipeline } from '../catalog/resolve.ts';
import { idSet } from '../canvas/deck.ts';
import { layoutOf } from '../canvas/geometry.ts';
import { placeFor, type Placed } from '../canvas/placing.ts';
import { typeFor } from '../canvas/file-kinds.ts';
import { placed } from '../canvas/placing.ts';
import { asksPoints, type Loose } from '../canvas/pointing/fields.ts';
import type { Workbench } from '../canvas/workbench.svelte.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { toast } from '../feedback/toast.ts';
import { apply } from '../project/ops.ts';
import { words } from '#words/compose.ts';
import { recall } from './again.ts';
import { Composition, found } from './composition.svelte.ts';
import { problemsOf } from './problems.ts';
import { isRole, modeForKind, pipelineFor, roleForKind, roleNames, roles, type Role } from './roles.ts';
import { runBatch, type Place } from './run.ts';

/**
 * Everything a person can do in the composer: attach, check, generate, take up an earlier run again.
 *
 * Made by the composer, over the same open project as the canvas. It sends edits and orders through the workbench.
 */

export interface Incoming {
	name: string;
	role: Role;
}

export class Desk {
	readonly bench: Workbench;
	readonly composition: Composition;
	/** Files on their way; their progress is in the workbench's uploads under the same key. */
	readonly incoming = new SvelteMap<string, Incoming>();
	busy = $state(false);
	/** Whether every further setting is shown. */
	advanced = $state(false);
	/** Generate was pressed while something was in the way: from then on it is said loudly. */
	pressed = $state(false);
	#sent = 0;

	constructor(bench: Workbench) {
		this.bench = bench;
		this.composition = new Composition(bench.session.id);
	}

	project = $derived.by(() => this.bench.session.project);
	quality = $derived(this.project?.quality ?? 'standard');
	frame = $derived({ width: this.project?.width ?? 1280, height: this.project?.height ?? 720 });
	pipeline = $derived.by(() =>
		pipelineFor(
			this.bench.catalog.inUse,
			this.composition.mode,
			this.quality,
			roleNames.filter((role) => this.files(role).length > 0)
		)
	);

	files = (role: Role): Asset[] => found(this.composition.files[role], this.bench.session.runs.assets);

	problems = $derived.by(() =>
		problemsOf({
			mode: this.composition.mode,
			pipeline: this.pipeline,
			prompt: this.composition.prompt,
			files: this.files,
			frame: this.frame,
			online: this.bench.session.link !== 'offline',
			uploading: this.incoming.size > 0
		})
	);
	stopped = $derived(this.problems.some((problem) => problem.level === 'stop'));

	/** The shot that Generate would make, for its forecast; its files do not matter for that. */
	thought = $derived.by((): GraphNode | undefined => {
		const { pipeline, composition } = this;
		if (!pipeline || this.stopped) return undefined;
		const data = { ...composition.fields, prompt: composition.prompt, pipeline: pipeline.id };
		return { id: 'n_composing', type: 'shot', x: 0, y: 0, parent: null, data };
	});

	/** The shot that the next run is another take of. */
	same = $derived.by(() => {
		const { doc } = this.bench.session;
		const id = this.composition.sameShot((shot) => doc.nodes.get(shot)?.type === 'shot');
		return id === undefined ? undefined : doc.nodes.get(id);
	});

	/** The points that are placed now, on the picture that is attached. */
	pointing = $state('');

	place(field: string): void {
		this.pointing = field;
	}

	points = $derived.by((): Loose | undefined => {
		const { composition, pipeline } = this;
		const field = pipeline?.fields.find(({ name }) => name === this.pointing);
		if (!field || !asksPoints(field)) return undefined;
		const role = pipeline?.inputs.find(({ name }) => name === field.points.of)?.role;
		const [still] = isRole(role) ? this.files(role) : [];
		return {
			field,
			picture: still && { url: still.media_url, oid: still.oid, name: still.title },
			value: composition.fields[field.name],
			name: this.shotName(this.same?.id),
			shot: this.same?.id,
			keep: (value) => composition.set(field.name, value),
			generate: () => this.generate(),
			close: () => (this.pointing = '')
		};
	});

	/** Shows the settings and returns the id that a field has among them. */
	reach(field: string): string {
		this.advanced = true;
		return `compose-${field}`;
	}

	shotName(id: string | undefined): string {
		const node = id === undefined ? undefined : this.bench.node(id);
		const code = node?.data.code;
		return typeof code === 'string' ? `Shot ${code}` : words.aShot;
	}

	/** Files from the desktop or the clipboard: each goes where its kind belongs, or where it was dropped. */
	async take(files: readonly File[], into?: Role): Promise<void> {
		await Promise.all(files.map((file) => this.#bring(file, into)));
	}

	async #bring(file: File, into: Role | undefined): Promise<void> {
		const role = into ?? this.#placeFor(guessed(file));
		if (!role) return this.#refuse(words.noPlace(file.name));
		const key = `compose ${(this.#sent += 1)}`;
		this.incoming.set(key, { name: file.name, role });
		const answer = await this.bench.uploads.send(key, file);
		this.incoming.delete(key);
		this.bench.uploads.failed.delete(key);
		if (!isErrorBody(answer)) this.attach(role, answer);
		else if (answer.error !== 'CANCELED') this.bench.fail(answer);
	}

	#placeFor(kind: Asset['kind']): Role | undefined {
		const { composition } = this;
		const mode = modeForKind(kind, composition.mode);
		const role = roleForKind(kind, mode, (one) => this.files(one).length);
		if (role && mode !== composition.mode) composition.mode = mode;
		return role;
	}

	attach(role: Role, asset: Asset): void {
		const { title } = words.roles[role];
		const wanted = roles[role].kind;
		const is = words.kinds[asset.kind] ?? asset.kind;
		if (asset.kind !== wanted)
			return this.#refuse(words.wrongKind(asset.title, is, title, words.kinds[wanted] ?? wanted));
		this.bench.session.runs.assets.set(asset.id, asset);
		this.composition.attach(role, asset.id);
		announce(words.attached(asset.title, title));
	}

	/** A cropped picture takes the place of the whole one. */
	replace(role: Role, before: string, after: Asset): void {
		this.bench.session.runs.assets.set(after.id, after);
		this.composition.swap(role, before, after.id);
		announce(words.attached(after.title, words.roles[role].title));
	}

	/** Sends the run: its cards in one step, then the order. */
	async generate(): Promise<void> {
		const { bench, composition, pipeline } = this;
		this.pressed = true;
		if (this.busy) return;
		if (this.stopped || !pipeline) {
			const first = this.problems.find((problem) => problem.level === 'stop');
			if (first) announce(first.text, { urgent: true });
			return;
		}
		this.busy = true;
		const { mode, prompt, fields, seed } = composition;
		const wanted = { mode, pipeline, prompt, files: this.files, fields, seed };
		const { operations, shot } = runBatch(bench.catalog, bench.session.doc, wanted, this.#place, this.same);
		if (operations.length)
			bench.session.edit(operations, {
				label: words.composed(this.same ? this.shotName(shot) : words.aShot)
			});
		const started = await bench.orders.generate(shot);
		this.busy = false;
		if (!started) return;
		composition.sent(shot);
		this.pressed = false;
		announce(words.started(this.shotName(shot)));
	}

	/** Puts an earlier take's settings back, for another take of that shot. */
	useAgain(take: Take, shot: string): void {
		const node = this.bench.node(shot);
		const id = madeBy(take.recipe) ?? (node && wantedPipeline(this.bench.session.doc, node)?.name);
		const recalled = recall(take, this.bench.catalog.pipeline(id), this.bench.session.runs.assets.values());
		if (!recalled) return this.#refuse(words.noRecipe);
		this.composition.restore(recalled, node ? shot : undefined);
		if (recalled.lost.length) toast.warn(words.lost(recalled.lost.join(', ')));
		announce(words.usedAgain(this.shotName(shot)));
	}

	/** Forgets files that the project no longer holds. */
	prune(): void {
		const { assets } = this.bench.session.runs;
		for (const role of roleNames)
			for (const id of this.composition.files[role] ?? [])
				if (!assets.has(id)) this.composition.detach(role, id);
	}

	readonly #place: Place = (doc, node) => {
		const { bench } = this;
		const after = apply(doc, [{ op: 'node.add', node }]);
		const is = (id: string) => resolve(after, after.nodes.get(id) ?? node, bench.catalog);
		const taken: Placed[] = bench.board.nodes
			.filter((card) => !card.parentId)
			.map((card) => placed(card, bench.board.box(card.id)));
		const there = idSet(bench.board.nodes.map((card) => card.id));
		for (const one of doc.nodes.values()) {
			if (there.has(one.id) || one.parent) continue;
			const { width, height, surface } = layoutOf(is(one.id), bench.aspect, 0, {
				wires: into(after, one.id)
			});
			taken.push({ x: one.x, y: one.y, width, height, surface });
		}
		const { width, height, surface } = layoutOf(is(node.id), bench.aspect, 0, { unfolded: true });
		return placeFor(surface, { width, height }, taken, { x: 0, y: 0 });
	};

	#refuse(text: string): void {
		toast.warn(text);
		announce(text, { urgent: true });
	}
}

const guessed = (file: File): Asset['kind'] =>
	typeFor(file) === 'audio' ? 'audio' : file.type.startsWith('video/') ? 'video' : 'image';
