import type { LooseEnd } from '../catalog/connect.ts';
import type { Spot } from './edits.ts';

/**
 * The wire that is being dragged and the one under the pointer, if any: sockets and wires read it to light up or dim.
 * Set by the board's gestures only.
 */
export class Wiring {
	end = $state.raw<LooseEnd | undefined>();
	/** The wire under the pointer, and where. */
	hover = $state.raw<{ id: string; at: Spot } | undefined>();
	/** A wire whose end was pulled out: it hangs on its other end and follows the pointer. */
	loose = $state.raw<{ id: string; from: Spot; to: Spot } | undefined>();
}
