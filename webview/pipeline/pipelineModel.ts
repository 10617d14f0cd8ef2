import { signal } from '@preact/signals';
import type { PipelineContract, PipelinePart, PipelineView } from '../../src/protocol/pipeline';
import { connect } from '../shared/connect';

export const host = connect<PipelineContract>();

export const view = signal<PipelineView | null>(null);
export const failure = signal<string | null>(null);
/** What an action has to say. */
export const notice = signal<string | null>(null);
/** An action is being checked and started. */
export const isStarting = signal(false);
/** Chosen ablations, while they are being chosen. */
export const chosen = signal<ReadonlySet<string> | null>(null);

export function show(next: PipelineView): void {
  view.value = next;
  failure.value = null;
  host.setState({ folder: next.folder }); // a reloaded window opens this project again
}

export async function load(): Promise<void> {
  try {
    show(await host.request('load', null));
  } catch (error) {
    failure.value = wordsOf(error);
  }
}

/** Starts a run: of what cannot be taken over; from a node on; or of a node alone. */
export async function run(node: string | null, only = false): Promise<void> {
  await during(async () => (notice.value = await host.request('run', { node, only })));
}

export function chooseAblations(): void {
  chosen.value = new Set(view.value?.ablations.map(({ id }) => id));
}

/** Goes to a part of the page; a node takes the focus, so that its reason is read. */
function showPart(part: PipelinePart): void {
  if (part === 'ablations') return chooseAblations();
  requestAnimationFrame(() => {
    const element = document.querySelector<HTMLElement>(part === 'comparison' ? '.comparison' : `[data-node="${CSS.escape(part.node)}"]`);
    element?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    element?.focus();
  });
}

export async function ablate(): Promise<void> {
  const ids = [...(chosen.value ?? [])];
  await during(async () => {
    await host.request('ablate', ids);
    chosen.value = null;
  });
}

/** One thing at a time: a start looks at everything that a run needs. */
async function during(action: () => Promise<unknown>): Promise<void> {
  if (isStarting.value) return;
  isStarting.value = true;
  notice.value = null;
  try {
    await action();
  } catch (error) {
    notice.value = wordsOf(error);
  } finally {
    isStarting.value = false;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

host.on('changed', show);
host.on('failed', message => (failure.value = message));
host.on('show', part => (view.value ? showPart(part) : void load().then(() => showPart(part))));
