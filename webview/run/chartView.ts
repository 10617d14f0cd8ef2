import { signal } from '@preact/signals';

/** How all charts are looked at: they share cursor, zoom and smoothing. */
export const cursorPosition = signal<number | null>(null);
export const zoom = signal<readonly [number, number] | null>(null);
export const isSmooth = signal(false);
