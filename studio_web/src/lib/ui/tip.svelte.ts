/**
 * One tooltip for the whole page, shown by `Tooltip.svelte` in the layout.
 *
 * An attachment instead of a wrapper component: a board has hundreds of small buttons, and none of them should
 * pay for a tooltip until the pointer rests on it. The words are for eyes; the element carries its own label.
 */
import type { Attachment } from 'svelte/attachments';

const REST_MS = 450;

class Tip {
	text = $state('');
	keys = $state<string | undefined>(undefined);
	anchor = $state.raw<Element | null>(null);

	#timer: ReturnType<typeof setTimeout> | undefined;
	#last = 0;

	ask(anchor: Element, text: string, keys: string | undefined, wait: boolean): void {
		clearTimeout(this.#timer);
		// Going from one button to its neighbour: no second wait.
		const rest = wait && Date.now() - this.#last > 300 ? REST_MS : 0;
		this.#timer = setTimeout(() => {
			if (!anchor.isConnected || text === '') return;
			this.text = text;
			this.keys = keys;
			this.anchor = anchor;
		}, rest);
	}

	leave(anchor?: Element): void {
		clearTimeout(this.#timer);
		if (anchor && this.anchor !== anchor) return;
		if (this.anchor) this.#last = Date.now();
		this.anchor = null;
	}
}

export const tooltip = new Tip();

/** `<button {@attach tip(() => 'Fit the board', 'Home')}>` */
export function tip(text: () => string, keys?: string): Attachment<HTMLElement> {
	return (element) => {
		const enter = (event: PointerEvent) => {
			if (event.pointerType !== 'touch') tooltip.ask(element, text(), keys, true);
		};
		const leave = () => tooltip.leave(element);
		const focus = () => {
			if (element.matches(':focus-visible')) tooltip.ask(element, text(), keys, false);
		};
		element.addEventListener('pointerenter', enter);
		element.addEventListener('pointerleave', leave);
		element.addEventListener('pointerdown', leave);
		element.addEventListener('focus', focus);
		element.addEventListener('blur', leave);
		return () => {
			element.removeEventListener('pointerenter', enter);
			element.removeEventListener('pointerleave', leave);
			element.removeEventListener('pointerdown', leave);
			element.removeEventListener('focus', focus);
			element.removeEventListener('blur', leave);
			leave();
		};
	};
}
