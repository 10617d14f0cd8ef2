import { computed, signal } from '@preact/signals';
import { byState, isReady, type LaunchCheck, type LaunchFix } from '../../src/core/launch/launchCheck';
import { asInFile, type LaunchChoice } from '../../src/core/launch/launchForm';
import type { LaunchContract, LaunchFormView } from '../../src/protocol/launch';
import { connect } from '../shared/connect';

export const host = connect<LaunchContract>();

export const choice = signal<LaunchChoice>(host.getState<{ choice?: LaunchChoice }>()?.choice ?? asInFile);
export const form = signal<LaunchFormView | null>(null);
export const failure = signal<string | null>(null);
/** What the full look found; null while none was taken of these values. */
export const found = signal<readonly LaunchCheck[] | null>(null);
export const doing = signal<'check' | 'start' | null>(null);

/** The configuration's own checks change with every key; the others are as old as the last look. */
export const checks = computed<readonly LaunchCheck[]>(() => {
  const quick = form.value?.checks ?? [];
  const ids = new Set(quick.map(check => check.id));
  return byState([...quick, ...(found.value ?? []).filter(check => !ids.has(check.id))]);
});
export const canStart = computed(() => form.value?.isValid === true && isReady(checks.value) && doing.value === null);
export const changes = computed(() => form.value?.groups.flatMap(group => group.fields).filter(field => field.value !== field.usual).length ?? 0);

export function choose(next: Partial<LaunchChoice>): void {
  choice.value = { ...choice.value, ...next };
  found.value = null; // what was found is true of other values
  void refresh();
}

export function setValue(path: string, value: unknown): void {
  choose({ edits: { ...choice.value.edits, [path]: value } });
}

export function resetValue(path: string): void {
  const { [path]: _, ...edits } = choice.value.edits;
  choose({ edits });
}

let asked = 0;

/** Asks for the form of the choice; an answer that was overtaken is not shown. */
export async function refresh(): Promise<void> {
  const number = ++asked;
  try {
    const next = await host.request('form', choice.value);
    if (number !== asked) return;
    form.value = next;
    failure.value = null;
    host.setState({ folder: next.folder, choice: choice.value });
  } catch (error) {
    if (number === asked) failure.value = error instanceof Error ? error.message : String(error);
  }
}

export async function look(): Promise<void> {
  await during('check', async () => void (await host.request('check', choice.value)));
}

export async function start(): Promise<void> {
  await during('start', async () => void (await host.request('start', choice.value)));
}

export async function save(): Promise<void> {
  await during('check', async () => {
    if (await host.request('save', choice.value)) choose({ preset: 'project', edits: {} });
  });
}

/** One thing at a time: a start looks again at everything, and its findings take the place of the last ones. */
async function during(what: 'check' | 'start', action: () => Promise<void>): Promise<void> {
  doing.value = what;
  found.value = [];
  try {
    await action();
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  } finally {
    doing.value = null;
  }
}

export function fix(what: LaunchFix): void {
  if (what.kind === 'set') choose({ edits: { ...choice.value.edits, ...what.overrides } });
  else host.send('fix', what);
}

host.on('checked', check => {
  found.value = [...(found.value ?? []).filter(other => other.id !== check.id), check];
});
host.on('changed', () => void refresh());
