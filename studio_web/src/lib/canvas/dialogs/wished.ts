import { toast } from '../../feedback/toast.ts';
import { m } from '../../i18n/messages.ts';
import * as words from '#words/history.ts';
import { keep } from '../../ui/kept.ts';
import type { Workbench } from '../workbench.svelte.ts';
import { dialogs, type DialogRequest } from './registry.ts';

/**
 * A dialog that was asked for, and did not come before the page was reloaded, is offered again. Fetched where there is
 * one. A dropped file is gone with the page that held it, and a sweep's sheet shows all takes, not only the new ones.
 */
export function offer(bench: Workbench, left: unknown, key: string): void {
	keep(key, null);
	const request = left as DialogRequest;
	if (!(request.kind in dialogs) || request.kind === 'clip') return;
	const again: DialogRequest = request.kind === 'sheet' ? { kind: 'sheet', node: request.node } : request;
	toast.show(words.wished, {
		duration: 0,
		action: { label: m.shell.doNow, run: () => (bench.view.dialog = again) }
	});
}
