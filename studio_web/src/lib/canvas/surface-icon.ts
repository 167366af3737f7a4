import AudioLines from '@lucide/svelte/icons/audio-lines';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Clapperboard from '@lucide/svelte/icons/clapperboard';
import Image from '@lucide/svelte/icons/image';
import Scissors from '@lucide/svelte/icons/scissors';
import Workflow from '@lucide/svelte/icons/workflow';
import type { Component } from 'svelte';

const icons: Record<string, Component> = {
	shot: Clapperboard,
	asset: Image,
	audio: AudioLines,
	pipeline: Workflow,
	assembler: Scissors
};

export const surfaceIcon = (surface: string): Component => icons[surface] ?? CircleHelp;
