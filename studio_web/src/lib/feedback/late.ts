import { m } from '../i18n/messages.ts';
import { toast } from './toast.ts';

/** A part of the page that is fetched late did not come: after an update of the studio it may be gone. Says so once. */
export function fetchFailed(): void {
	toast.warn(m.shell.newVersion, {
		id: 'stale',
		action: { label: m.common.reload, run: () => location.reload() }
	});
}

/** The part, or nothing after the failure was said. `given` takes back what asked for it, so that it can be asked for again. */
export async function late<Part>(coming: Promise<Part>, given?: () => void): Promise<Part | undefined> {
	try {
		return await coming;
	} catch {
		fetchFailed();
		given?.();
		return undefined;
	}
}
