import type { Component } from 'svelte';
import JsonWidget from './JsonWidget.svelte';
import NumberWidget from './NumberWidget.svelte';
import SeedWidget from './SeedWidget.svelte';
import SelectWidget from './SelectWidget.svelte';
import SliderWidget from './SliderWidget.svelte';
import TextAreaWidget from './TextAreaWidget.svelte';
import TextWidget from './TextWidget.svelte';
import ToggleWidget from './ToggleWidget.svelte';
import type { WidgetProps } from './widget.ts';

/** One component a widget name; a name from a newer studio shows its value and keeps it. */
const widgets: Record<string, Component<WidgetProps>> = {
	text: TextWidget,
	textarea: TextAreaWidget,
	number: NumberWidget,
	slider: SliderWidget,
	select: SelectWidget,
	toggle: ToggleWidget,
	seed: SeedWidget
};

export const widgetFor = (name: string): Component<WidgetProps> => widgets[name] ?? JsonWidget;
