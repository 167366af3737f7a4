import AudioLines from '@lucide/svelte/icons/audio-lines';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Clapperboard from '@lucide/svelte/icons/clapperboard';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Group from '@lucide/svelte/icons/group';
import Image from '@lucide/svelte/icons/image';
import Scissors from '@lucide/svelte/icons/scissors';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Type from '@lucide/svelte/icons/type';
import WandSparkles from '@lucide/svelte/icons/wand-sparkles';
import Workflow from '@lucide/svelte/icons/workflow';
import type { Component } from 'svelte';

const icons: Record<string, Component> = {
	shot: Clapperboard,
	process: WandSparkles,
	asset: Image,
	audio: AudioLines,
	pipeline: Workflow,
	assembler: Scissors,
	scene: Group,
	value: Type,
	note: StickyNote,
	reroute: CircleDot
};

export const surfaceIcon = (surface: string): Component => icons[surface] ?? CircleHelp;
