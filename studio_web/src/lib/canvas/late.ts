import { toast } from '../feedback/toast.ts';
import { m } from '../i18n/messages.ts';

/** A part of the page that is fetched late did not come: after an update of the studio it may be gone. Says so once. */
export function fetchFailed(): void {
	toast.warn(m.shell.newVersion, {
		id: 'stale',
		action: { label: m.common.reload, run: () => location.reload() }
	});
}
