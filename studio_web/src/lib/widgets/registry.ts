import type { Component } from 'svelte';
import NumberWidget from './NumberWidget.svelte';
import SelectWidget from './SelectWidget.svelte';
import SliderWidget from './SliderWidget.svelte';
import TextAreaWidget from './TextAreaWidget.svelte';
import TextWidget from './TextWidget.svelte';
import ToggleWidget from './ToggleWidget.svelte';
import type { WidgetProps } from './widget.ts';

/** One component a widget name. Those that few cards show come when they are first shown. */
const widgets: Record<string, Component<WidgetProps>> = {
	text: TextWidget,
	textarea: TextAreaWidget,
	number: NumberWidget,
	slider: SliderWidget,
	select: SelectWidget,
	toggle: ToggleWidget
};

export const widgetFor = (name: string): Component<WidgetProps> | undefined => widgets[name];

/** A name from a newer studio shows its value and keeps it. */
export const rareWidget = (name: string): Promise<{ default: Component<WidgetProps> }> =>
	name === 'seed' ? import('./SeedWidget.svelte') : import('./JsonWidget.svelte');
