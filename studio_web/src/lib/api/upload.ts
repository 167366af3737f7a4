/** Files on their way to the studio, with progress. Called by client.ts alone, which fetches this when it is needed. */
import { ApiError, complete, madeHere, parsed, unreachable } from './client.ts';

/** Sends one file, as multipart `file` or as the body; `onprogress` gets 0 to 1. `fetch` cannot report it, so XHR. */
export function upload<T>(
	path: string,
	file: File,
	onprogress?: (part: number) => void,
	signal?: AbortSignal,
	bare = false
): Promise<T> {
	return new Promise((resolve, reject) => {
		const xhr = new XMLHttpRequest();
		xhr.open('POST', path);
		xhr.upload.onprogress = (event) => {
			if (event.lengthComputable && event.total > 0) onprogress?.(event.loaded / event.total);
		};
		xhr.onload = () => {
			const value = parsed(xhr.responseText);
			if (xhr.status >= 200 && xhr.status < 300 && value !== undefined) resolve(value as T);
			else reject(new ApiError(complete(value, xhr.status, xhr.responseText), xhr.status));
		};
		xhr.onerror = () => reject(unreachable(`upload of ${file.name}`));
		xhr.onabort = () => reject(new ApiError(madeHere('CANCELED', 'The upload was stopped', []), 0));
		signal?.addEventListener('abort', () => xhr.abort());
		const form = new FormData();
		form.append('file', file);
		xhr.send(bare ? file : form);
	});
}
