import type { LooseEnd } from '../catalog/connect.ts';

/** The wire that is being dragged, if any: sockets read it to light up or dim. Set by the board's gestures only. */
export class Wiring {
	end = $state.raw<LooseEnd | undefined>();
}
