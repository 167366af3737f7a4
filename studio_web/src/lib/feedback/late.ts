import { m } from '../i18n/messages.ts';
import { toast } from './toast.ts';

/**
 * A part of the page that is fetched late did not come: the studio is away, or after an update the part is gone. Only in
 * the second case may somebody be told to reload, for while the studio is away a reload would take the page from them.
 */
export function fetchFailed(): void {
	void fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(
		() =>
			toast.warn(m.shell.newVersion, {
				id: 'stale',
				action: { label: m.common.reload, run: () => location.reload() }
			}),
		() => toast.warn(m.shell.notNow, { id: 'stale' })
	);
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
