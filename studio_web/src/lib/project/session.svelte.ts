import { isErrorBody, madeHere } from '../api/client.ts';
import {
	durableNames,
	type CardStates,
	type DurableEvent,
	type ErrorBody,
	type FullSync,
	type Operation,
	type Project,
	type ProjectState,
	type Queue,
	type TaskProgress
} from '../api/types.ts';
import { RunQueue } from '../runs/queue.svelte.ts';
import { Runs } from '../runs/runs.svelte.ts';
import { Standing } from '../runs/standing.svelte.ts';
import type { HoldsOne } from './history.ts';
import type { Steps } from './journal.ts';
import type { Line } from './line.ts';
import { docOf, emptyDoc, touched, type Doc } from './ops.ts';
import { Presence } from './presence.svelte.ts';
import { chunks, Replica, type Batch, type EditOptions, type Received, type Travelled } from './replica.ts';
import type { Kept, Shelf } from './shelf.ts';

/**
 * One open project: the document as this page sees it, and the promise that what a person does is kept.
 *
 * Edits show at once and are sent one after the other; after a broken line the same batches go out again under
 * the same op_id. Made by the canvas page, closed with it. It shows nothing itself: refusals go to `onrefused`.
 */

/** Somebody else's change of the graph. */
type Listener = (event: Extract<DurableEvent, { event: 'server:graph_patched' }>) => void;

export type LinkState = 'connecting' | 'live' | 'offline';

export interface SessionEvents {
	onrefused?: (error: ErrorBody, label: string, ids: readonly string[]) => void;
	onnotice?: (notice: Extract<DurableEvent, { event: 'server:notice' }>) => void;
	onevent?: (event: DurableEvent) => void;
	/** Edits of an earlier page are here and go out now; `moved` when the project has changed since they were made. */
	onadopted?: (count: number, moved: boolean) => void;
}

export type CommandName =
	| 'client:start_generation'
	| 'client:cancel_task'
	| 'client:retry_task'
	| 'client:render_final_sequence'
	| 'client:move_task'
	| 'client:pause_queue'
	| 'client:rebuild'
	| 'client:cancel_run';

interface Command {
	name: CommandName;
	payload: Record<string, unknown>;
	resolve: (answer: { revision: number; task_id?: string } | ErrorBody) => void;
}

/** `folder` is there when the studio was started anew meanwhile, with nobody to tell what people did in it. */
interface Missed {
	events: DurableEvent[];
	folder?: Pick<FullSync, 'takes' | 'assets' | 'films'>;
}

interface Ack {
	revision: number;
	task_id?: string;
	log_id?: string;
	boot?: string;
}

/** Refusals that say nothing against the edit: it is kept and tried again until the studio can take it. */
const passing = new Set([
	'PROJECT_MISSING',
	'CANVAS_UNREADABLE',
	'STORAGE_FULL',
	'STORAGE_READONLY',
	'STORAGE_UNREACHABLE'
]);
const AGAIN_MS = 2500;

const offline = madeHere('OFFLINE', 'The studio is not connected right now', [
	'Your edits are kept. Try again when the connection is back.'
]);

export class Session {
	doc = $state.raw<Doc>(emptyDoc);
	link = $state<LinkState>('connecting');
	/** Batches the server has not acknowledged. */
	unsaved = $state(0);
	revision = $state(0);
	project = $state.raw<Project | undefined>();
	condition = $state.raw<ProjectState>({ ok: true });
	/** Set when the project cannot be opened at all; cleared when it can. */
	closedBy = $state.raw<ErrorBody | undefined>();
	/** Why edits wait although the line is up, for example a full disk. */
	held = $state.raw<ErrorBody | undefined>();
	loaded = $state(false);
	/** Whether unsaved edits outlive this page. */
	kept = $state(true);
	undoLabel = $state<string | undefined>();
	redoLabel = $state<string | undefined>();
	/** What this person can undo and redo, newest last. */
	steps = $state.raw<Steps>({ undo: [], redo: [] });
	/** The op_ids of what this page has ordered: its events say so. */
	readonly sent: string[] = [];
	readonly runs = new Runs();
	readonly queue = new RunQueue();
	readonly standing = new Standing();
	readonly presence: Presence;

	readonly id: string;
	#line: Line;
	#events: SessionEvents;
	#shelf: Shelf | undefined;
	#found: Kept | undefined;
	#replica = new Replica();
	#commands: Command[] = [];
	#listeners: readonly Listener[] = [];
	/** The process of the studio that this page last heard from. */
	#boot: string | undefined;
	#sending = false;
	#syncing = false;
	/** Takes of cards out of sight are still to come. */
	#partly = false;
	#retry: ReturnType<typeof setTimeout> | undefined;

	constructor(id: string, line: Line, events: SessionEvents = {}, shelf?: Shelf) {
		this.id = id;
		this.#line = line;
		this.presence = new Presence(line);
		this.#events = events;
		this.#shelf = shelf;
		this.#found = shelf?.take();
		if (this.#found) {
			this.#replica.adopt(this.#found.batches);
			this.#publish();
		}
		line.onUp(() => void this.#sync());
		line.onDown((refusal) => this.#down(refusal));
		for (const name of durableNames)
			line.on(name, (payload: DurableEvent) => this.#receive({ ...payload, event: name } as DurableEvent));
		line.on('server:events', (missed: Missed) => this.#replayed(missed));
		line.on('server:full_sync', (sync: FullSync) => this.#load(sync));
		line.onTakes((takes) => this.#rest(takes));
		line.on('server:task_progress', (tick: TaskProgress) => this.runs.progress(tick));
		line.on('server:queue', (queue: Queue) => this.queue.load(queue));
		line.on('server:card_states', (told: CardStates) => this.standing.load(told));
		line.on('server:project_state', (state: ProjectState) => {
			this.condition = state;
			if (state.ok) void this.#pump();
		});
		line.on('server:head', (head: { revision: number; log_id: string }) => this.#head(head));
	}

	/**
	 * Shows the operations at once and sends them, in as many batches as the studio takes at once; they are one step of
	 * undo. False when they change nothing.
	 */
	edit(operations: readonly Operation[], options: EditOptions): boolean {
		const parts = chunks(operations);
		const how = parts.length > 1 ? { label: options.label, key: crypto.randomUUID(), whole: true } : options;
		const made = parts.map((part) => this.#replica.edit(part, how));
		if (!made.some((batch) => batch)) return false;
		this.#publish();
		void this.#pump();
		return true;
	}

	/** Hears of every change of the graph by others; the answer ends it. */
	listen(listener: Listener): () => void {
		this.#listeners = [...this.#listeners, listener];
		return () => (this.#listeners = this.#listeners.filter((one) => one !== listener));
	}

	get logId(): string | undefined {
		return this.#replica.logId;
	}

	/** Takes over what an earlier page could undo. */
	adoptHistory({ undo, redo }: Steps): void {
		this.#replica.adoptHistory(undo, redo);
		this.#publish();
	}

	/** Tells undo which inputs hold one wire, so that it takes no place that a colleague's wire has now. */
	holdsOne(rule: HoldsOne): void {
		this.#replica.history.holdsOne = rule;
	}

	/** Returns the op_id for what the studio changes on this person's order, so that undo knows it; or takes its task. */
	ordering(label: string, by: string = crypto.randomUUID()): string {
		this.#replica.ordered.set(by, label);
		return by;
	}

	/** Takes an edit back without leaving it to undo and redo. */
	retract(done: readonly Operation[], back: readonly Operation[], label: string): void {
		if (!this.#replica.retract(done, back, label)) return;
		this.#publish();
		void this.#pump();
	}

	/** What was undone; without a label there was nothing. */
	undo(): Partial<Travelled> & { left: number } {
		return this.#travelled(this.#replica.undo());
	}

	redo(): Partial<Travelled> & { left: number } {
		return this.#travelled(this.#replica.redo());
	}

	/**
	 * Sends a command after all edits before it; answers with the task or with the error, never throws. One that a
	 * broken line interrupts goes out again under the same op_id, so it is carried out once.
	 */
	command(
		name: CommandName,
		payload: Record<string, unknown>
	): Promise<{ revision: number; task_id?: string } | ErrorBody> {
		// While the line is being made it waits: the board is in sight a moment before the studio has said so.
		if (this.link === 'offline' || !this.loaded) return Promise.resolve(offline);
		return new Promise((resolve) => {
			const op_id = crypto.randomUUID();
			this.sent.push(op_id);
			this.#commands.push({ name, payload: { ...payload, op_id }, resolve });
			void this.#pump();
		});
	}

	close(): void {
		this.#line.close();
		clearTimeout(this.#retry);
		for (const command of this.#commands.splice(0)) command.resolve(offline);
	}

	#travelled<T extends { left: number }>(step: T): T {
		this.#publish();
		void this.#pump();
		return step;
	}

	async #sync(): Promise<void> {
		if (this.#syncing) return;
		this.#syncing = true;
		const { revision, logId } = this.#replica;
		try {
			const ask =
				logId === undefined || this.#partly
					? {}
					: { revision, log_id: logId, ...(this.#boot && { boot: this.#boot }) };
			const answer = await this.#line.send('client:sync_request', ask);
			this.#syncing = false;
			if (isErrorBody(answer)) return this.#refuse(answer);
			this.#boot = (answer as Ack).boot;
			this.closedBy = undefined;
			this.link = 'live';
			void this.presence.up();
			void this.#pump();
		} catch {
			this.#syncing = false;
			this.#line.again();
		}
	}

	#refuse(error: ErrorBody): void {
		this.closedBy = error;
		if (error.error === 'PROJECT_MISSING')
			setTimeout(() => this.link !== 'offline' && void this.#sync(), 3000);
	}

	#down(refusal: ErrorBody | undefined): void {
		this.link = 'offline';
		this.presence.down();
		if (refusal) this.closedBy = refusal;
	}

	#load(sync: FullSync): void {
		this.#replica.load(sync.revision, sync.log_id, docOf(sync.graph));
		this.runs.load(sync);
		this.queue.load(sync.queue);
		this.project = sync.project;
		this.condition = sync.state;
		this.loaded = true;
		this.#partly = sync.whole === false;
		this.#publish();
		const found = this.#found;
		this.#found = undefined;
		if (found)
			this.#events.onadopted?.(
				found.batches.length,
				found.log_id !== sync.log_id || found.revision !== sync.revision
			);
	}

	#rest(takes: FullSync['takes']): void {
		if (!this.#partly) return;
		this.#partly = false;
		this.runs.rest(takes);
	}

	#replayed({ events, folder }: Missed): void {
		for (const event of events) this.#apply(event);
		if (folder) this.runs.folder(folder);
		this.#publish();
	}

	#receive(event: DurableEvent): void {
		if (this.#apply(event) === 'gap') void this.#sync();
		this.#publish();
	}

	#apply(event: DurableEvent): Received {
		const operations = 'operations' in event ? event.operations : [];
		const between = event.event === 'server:task_success' && event.task?.conforms;
		const by = event.event === 'server:graph_patched' ? 'person' : between ? 'between' : 'machine';
		const order = event.op_id ?? ('task_id' in event ? event.task_id : null);
		const received = this.#replica.receive(event.revision, order, operations ?? [], by);
		if (received === 'old' || received === 'gap') return received;
		if (received === 'applied' && event.event === 'server:graph_patched')
			for (const listener of this.#listeners) listener(event);
		this.runs.take(event);
		if (event.event === 'server:project_updated') this.project = event.project;
		if (event.event === 'server:notice') this.#events.onnotice?.(event);
		this.#events.onevent?.(event);
		return received;
	}

	#head(head: { revision: number; log_id: string }): void {
		if (!this.loaded) return;
		if (head.log_id !== this.#replica.logId || head.revision > this.#replica.revision) void this.#sync();
	}

	/** Sends what waits, one at a time: edits first, then commands, so that a shot is generated as it reads. */
	async #pump(): Promise<void> {
		if (this.#sending || this.link !== 'live') return;
		this.#sending = true;
		let drained = false;
		try {
			while (this.link === 'live' && (await this.#sendNext()));
			drained = true;
		} catch {
			this.#line.again();
		} finally {
			this.#sending = false;
		}
		// What was asked for between the last look and this line would wait for somebody else.
		if (drained && !this.held && (this.#replica.unsent.length || this.#commands.length)) void this.#pump();
	}

	async #sendNext(): Promise<boolean> {
		const batch = this.#replica.unsent[0];
		if (batch) {
			const { op_id, operations, label } = batch;
			const answer = await this.#line.send('client:apply_operations', { op_id, operations, label });
			if (isErrorBody(answer) && passing.has(answer.error)) return this.#hold(answer);
			this.held = undefined;
			if (isErrorBody(answer)) {
				this.#replica.reject(op_id);
				this.#events.onrefused?.(answer, label, [...touched(operations)]);
			} else this.#replica.acknowledge(op_id, (answer as Ack).revision);
			this.#publish();
			return true;
		}
		const command = this.#commands[0];
		if (!command) return false;
		const answer = await this.#line.send(command.name, command.payload);
		this.#commands = this.#commands.filter((one) => one !== command);
		command.resolve(answer as Ack | ErrorBody);
		return true;
	}

	/** Keeps the edits and tries again; commands that wait behind them are told why they cannot run. */
	#hold(error: ErrorBody): false {
		this.held = error;
		for (const command of this.#commands.splice(0)) command.resolve(error);
		clearTimeout(this.#retry);
		this.#retry = setTimeout(() => void this.#pump(), AGAIN_MS);
		return false;
	}

	#publish(): void {
		const { unsent, logId, revision } = this.#replica;
		if (unsent.length || this.unsaved)
			this.kept =
				this.#shelf?.put({ log_id: logId ?? null, revision, at: Date.now(), batches: unsent.map(plain) }) ??
				false;
		this.doc = this.#replica.view;
		this.unsaved = unsent.length;
		this.revision = this.#replica.revision;
		const { undo, redo } = this.#replica.history;
		if (undo !== this.steps.undo || redo !== this.steps.redo) this.steps = { undo, redo };
		this.undoLabel = undo.at(-1)?.label;
		this.redoLabel = redo.at(-1)?.label;
	}
}

const plain = ({ op_id, operations, label }: Batch) => ({ op_id, operations, label });
