import { keep, keptFields } from '../ui/kept.ts';
import type { Asset } from '../api/types.ts';
import { isRole, modes, roles, rolesOf, type Mode, type Role } from './roles.ts';
import type { Recalled } from './again.ts';

/**
 * What is being put together in the composer, before it is sent: this person's, in this browser, kept over a reload.
 *
 * Made by the composer. It holds ids of assets, never files, and sends nothing.
 */

/** The last run and what went into it, to tell another take from a new shot. */
export interface LastRun {
	shot: string;
	files: string;
}

export type Target = 'auto' | 'new' | 'same';

interface Kept {
	mode: Mode;
	prompt: string;
	files: Partial<Record<Role, string[]>>;
	fields: Record<string, unknown>;
	seed: number | null;
	last: LastRun | null;
}

const fresh: Kept = { mode: 'animate', prompt: '', files: {}, fields: {}, seed: null, last: null };

export class Composition {
	mode = $state<Mode>(fresh.mode);
	prompt = $state(fresh.prompt);
	fields = $state.raw<Readonly<Record<string, unknown>>>(fresh.fields);
	seed = $state<number | null>(null);
	target = $state<Target>('auto');
	files = $state.raw<Readonly<Partial<Record<Role, readonly string[]>>>>({});
	last = $state.raw<LastRun | null>(null);
	readonly #key: string;

	/** The files that count in this mode, as one word: the same word, the same shot. */
	signature = $derived(
		JSON.stringify([this.mode, ...rolesOf(this.mode).map((role) => this.files[role] ?? [])])
	);

	/** Whether there is anything to clear. */
	started = $derived(
		this.prompt !== '' ||
			this.seed !== null ||
			Object.keys(this.fields).length > 0 ||
			Object.values(this.files).some((list) => list.length > 0)
	);

	constructor(project: string) {
		this.#key = `studio.compose.${project}`;
		const kept = read(this.#key);
		Object.assign(this, kept);
	}

	/** The shot the next run is another take of; undefined for a new one. */
	sameShot(exists: (shot: string) => boolean): string | undefined {
		const { last } = this;
		if (!last || this.target === 'new' || !exists(last.shot)) return undefined;
		return this.target === 'same' || last.files === this.signature ? last.shot : undefined;
	}

	attach(role: Role, asset: string): void {
		const { most } = roles[role];
		const others = (this.files[role] ?? []).filter((one) => one !== asset);
		this.files = { ...this.files, [role]: [...others, asset].slice(-most) };
	}

	detach(role: Role, asset: string): void {
		this.files = { ...this.files, [role]: (this.files[role] ?? []).filter((one) => one !== asset) };
	}

	/** One file in the place of another, for a picture that was cropped. */
	swap(role: Role, before: string, after: string): void {
		const list = this.files[role] ?? [];
		this.files = { ...this.files, [role]: list.map((one) => (one === before ? after : one)) };
	}

	set(field: string, value: unknown): void {
		this.fields = { ...this.fields, [field]: value };
	}

	sent(shot: string): void {
		this.last = { shot, files: this.signature };
		this.target = 'auto';
	}

	/** Puts everything of an earlier take back, for that shot. */
	restore(recalled: Recalled, shot: string | undefined): void {
		const { mode, prompt, files, fields, seed } = recalled;
		Object.assign(this, { mode, prompt, files, fields, seed, target: 'auto' });
		this.last = shot ? { shot, files: this.signature } : null;
	}

	clear(): void {
		Object.assign(this, { ...fresh, mode: this.mode, target: 'auto' });
	}

	keep(): void {
		const { mode, prompt, files, fields, seed, last } = this;
		keep(this.#key, { mode, prompt, files, fields, seed, last });
	}
}

export const found = (ids: readonly string[] | undefined, assets: ReadonlyMap<string, Asset>): Asset[] =>
	(ids ?? []).flatMap((id) => assets.get(id) ?? []);

const isText = (value: unknown): value is string => typeof value === 'string';

/** What was kept, less what an older or a broken page may have written. */
function read(key: string): Kept {
	const kept: Partial<Kept> = keptFields(key);
	const files = Object.entries(kept.files ?? {}).flatMap(([role, ids]) =>
		isRole(role) && Array.isArray(ids) ? [[role, ids.filter(isText)] as const] : []
	);
	return {
		mode: modes.find((mode) => mode === kept.mode) ?? fresh.mode,
		prompt: isText(kept.prompt) ? kept.prompt : '',
		files: Object.fromEntries(files),
		fields: typeof kept.fields === 'object' && kept.fields !== null ? kept.fields : {},
		seed: typeof kept.seed === 'number' ? kept.seed : null,
		last: isText(kept.last?.shot) && isText(kept.last.files) ? kept.last : null
	};
}
