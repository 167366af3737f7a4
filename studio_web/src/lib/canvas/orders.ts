import { api, errorBody, isErrorBody } from '../api/client.ts';
import type { EditExport, ErrorBody, InBetween, Project, ProjectPatch, Timeline } from '../api/types.ts';
import { announce } from '../feedback/announce.svelte.ts';
import { toast } from '../feedback/toast.ts';
import type { CommandName, Session } from '../project/session.svelte.ts';

/** What people ask the studio to do for them: generate, cancel, retry, render, export. Says aloud what it refuses. */
export class Orders {
	readonly #session: Session;
	#settings: Promise<boolean> = Promise.resolve(true);

	constructor(session: Session) {
		this.#session = session;
	}

	/** `overrides` are for this take only; with `keep_active` the active take stays what it is. */
	generate(
		node: string,
		take: { overrides?: Record<string, unknown>; keep_active?: boolean } = {}
	): Promise<boolean> {
		return this.#ask('client:start_generation', { node_id: node, ...take });
	}

	render(node: string): Promise<boolean> {
		return this.#ask('client:render_final_sequence', { node_id: node });
	}

	cancel(task: string): Promise<boolean> {
		return this.#ask('client:cancel_task', { task_id: task });
	}

	retry(task: string): Promise<boolean> {
		return this.#ask('client:retry_task', { task_id: task });
	}

	/** Puts a waiting task before another of the project's line; null = at its end. */
	move(task: string, before: string | null): Promise<boolean> {
		return this.#ask('client:move_task', { task_id: task, before });
	}

	/** Holds the project's queue, or lets it go on. */
	pause(paused: boolean): Promise<boolean> {
		return this.#ask('client:pause_queue', { paused });
	}

	/** Starts a rebuild as one run. */
	rebuild(scope: Record<string, unknown>): Promise<boolean> {
		return this.#ask('client:rebuild', scope);
	}

	cancelRun(run: string): Promise<boolean> {
		return this.#ask('client:cancel_run', { run_id: run });
	}

	export(node: string): Promise<EditExport | ErrorBody> {
		return api.post<EditExport>(`/projects/${this.#session.id}/exports`, { node_id: node }).catch(errorBody);
	}

	/** Has the takes that cards show given the project's frame rate; nothing where the studio refuses, which is said. */
	inBetween(nodes: readonly string[]): Promise<InBetween | undefined> {
		const asked = { node_ids: nodes, op_id: crypto.randomUUID() };
		return api
			.post<InBetween>(`/projects/${this.#session.id}/in-betweens`, asked)
			.catch((thrown: unknown) => {
				toast.error(errorBody(thrown));
				return undefined;
			});
	}

	timeline(node: string, signal?: AbortSignal): Promise<Timeline> {
		return api.get<Timeline>(
			`/projects/${this.#session.id}/timeline?node_id=${encodeURIComponent(node)}`,
			signal
		);
	}

	async setQuality(quality: string): Promise<void> {
		if (this.#session.project?.quality !== quality) await this.setProject({ quality });
	}

	/** Changes the project's settings for everybody; false where the studio refuses, which is said. */
	setProject(change: Partial<ProjectPatch>): Promise<boolean> {
		// One after another: each is based on what the one before has made of the project.
		return (this.#settings = this.#settings.then(() => this.#change(change)));
	}

	async #change(change: Partial<ProjectPatch>): Promise<boolean> {
		const project = this.#session.project;
		if (!project) return false;
		return api.patch<Project>(`/projects/${project.id}`, { ...change, version: project.version }).then(
			(now) => {
				this.#session.project = now;
				return true;
			},
			(thrown: unknown) => {
				toast.error(errorBody(thrown));
				return false;
			}
		);
	}

	async #ask(name: CommandName, payload: Record<string, unknown>): Promise<boolean> {
		const answer = await this.#session.command(name, payload);
		if (!isErrorBody(answer)) return true;
		toast.error(answer);
		announce(answer.message, { urgent: true });
		return false;
	}
}
