import { io } from 'socket.io-client';
import { isErrorBody, madeHere } from '../api/client.ts';
import type { ErrorBody } from '../api/types.ts';
import type { Line } from './line.ts';

/** The live connection over Socket.IO, the only module that knows it. Fetched when the board is painted. */

const ACK_MS = 15_000;
const RETRY_MS = 2_000;

export function openSocket(project: string): Line {
	const socket = io({
		path: '/ws',
		transports: ['websocket'],
		auth: { project_id: project },
		withCredentials: true,
		reconnectionDelay: 250,
		reconnectionDelayMax: 3_000,
		timeout: 8_000
	});
	let closed = false;
	let retry: ReturnType<typeof setTimeout> | undefined;
	return {
		on: (event, listener) => void socket.on(event, (payload: unknown) => listener(payload as never)),
		// They come by a plain request, before there is a connection.
		onTakes: () => undefined,
		onUp: (listener) => void socket.on('connect', listener),
		onDown: (listener) => {
			socket.on('disconnect', () => listener(undefined));
			socket.on('connect_error', (error) => {
				listener(refusalOf(error));
				// After a refusal by the server Socket.IO gives up; the folder may come back, so we do not.
				if (!socket.active && !closed) retry = setTimeout(() => socket.connect(), RETRY_MS);
			});
		},
		send: (command, payload) => socket.timeout(ACK_MS).emitWithAck(command, payload),
		tell: (command, payload) => void socket.volatile.emit(command, payload),
		again: () => {
			if (closed || !socket.connected) return;
			socket.disconnect();
			socket.connect();
		},
		close: () => {
			closed = true;
			clearTimeout(retry);
			socket.disconnect();
		}
	};
}

function refusalOf(error: Error & { data?: unknown }): ErrorBody | undefined {
	if (isErrorBody(error.data)) return error.data;
	if (error.data === undefined) return undefined;
	return madeHere('NOT_PERMITTED', 'The studio refused the connection', ['Reload the page.'], error.message);
}
