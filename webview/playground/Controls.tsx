import type { PlaygroundChoice, PlaygroundOptions, ResponseSource } from '../../src/protocol/playground';
import { cancel, choice, choose, isScoring, openPlace, options, rescore } from './playgroundModel';
import { Facts } from './Summary';

/** What is scored with what. Each change is scored at once. */
export function Controls() {
  const current = choice.value;
  const all = options.value;
  if (!current || !all) return null;
  const { source } = current;
  return (
    <header class="controls">
      <Field label="Reward" isWide>
        <Select label="Reward file" value={current.reward ?? ''} entries={rewardEntries(all, current)} onChange={reward => choose({ reward })} />
        <button class="tool" title="Open the reward file" aria-label="Open the reward file" disabled={current.reward === null} onClick={() => current.reward && openPlace(current.reward)}><i class="codicon codicon-go-to-file" /></button>
      </Field>
      <Field label="Responses" isWide>
        <Select label="Responses" value={JSON.stringify(withoutGroup(source))} entries={sourceEntries(all, current)} onChange={value => choose({ source: JSON.parse(value) as ResponseSource })} />
      </Field>
      {source.kind !== 'rollouts' && (
        <Field label="Dataset">
          <Select label="Dataset" value={current.dataset ?? ''} entries={all.datasets.map(({ id }) => [id, id])} onChange={dataset => choose({ dataset, qid: null, ...(source.kind === 'typed' ? { source: { kind: 'typed', text: null } } : {}) })} />
        </Field>
      )}
      {source.kind === 'typed' ? (
        <Field label="Sample">
          <vscode-text-field class="sample-field" aria-label="Sample id" placeholder="first sample" value={current.qid ?? ''} onChange={(event: Event) => choose({ qid: (event.target as HTMLInputElement).value.trim() || null, source: { kind: 'typed', text: null } })} />
        </Field>
      ) : source.kind === 'rollouts' && source.group !== undefined ? (
        <Field label="Group">
          <span class="chip">{source.group}<button class="tool" title="Score the whole stage" aria-label="Score the whole stage" onClick={() => choose({ source: withoutGroup(source) })}><i class="codicon codicon-close" /></button></span>
        </Field>
      ) : (
        <Field label={source.kind === 'gold' ? 'Samples' : 'Rollouts'}>
          <Select label={source.kind === 'gold' ? 'Number of samples' : 'Number of rollouts'} value={String(current.count)} entries={counts(current.count)} onChange={count => choose({ count: Number(count) })} />
        </Field>
      )}
      <span class="grow" />
      {isScoring.value
        ? <span class="row scoring" role="status"><i class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true" />Scoring<button class="link" onClick={cancel}>Cancel</button></span>
        : <span class="row scoring"><Facts /><button class="tool" title="Score again" aria-label="Score again" onClick={rescore}><i class="codicon codicon-refresh" /></button></span>}
    </header>
  );
}

function Field({ label, isWide = false, children }: { readonly label: string; readonly isWide?: boolean; readonly children: preact.ComponentChildren }) {
  return <div class={`field ${isWide ? 'is-wide' : ''}`}><span class="field-label" aria-hidden="true">{label}</span>{children}</div>;
}

type Entry = readonly [value: string, text: string];

function Select({ label, value, entries, onChange }: { readonly label: string; readonly value: string; readonly entries: readonly Entry[]; readonly onChange: (value: string) => void }) {
  return (
    <vscode-dropdown aria-label={label} value={value} disabled={entries.length === 0} onChange={(event: Event) => {
      const chosen = (event.target as HTMLSelectElement).value;
      if (chosen !== value) onChange(chosen);
    }}>
      {entries.map(([entry, text]) => <vscode-option key={entry} value={entry} selected={entry === value}>{text}</vscode-option>)}
    </vscode-dropdown>
  );
}

function rewardEntries({ rewards }: PlaygroundOptions, { reward }: PlaygroundChoice): readonly Entry[] {
  const entries = rewards.map(({ path, name }): Entry => [path, name]);
  return reward === null || rewards.some(({ path }) => path === reward) ? entries : [[reward, reward.split(/[\\/]/).at(-1) ?? reward], ...entries]; // no project names it yet
}

function sourceEntries({ runs }: PlaygroundOptions, { source }: PlaygroundChoice): readonly Entry[] {
  const typed: ResponseSource = source.kind === 'typed' ? source : { kind: 'typed', text: null };
  const stored = runs.slice(0, 12).flatMap(({ folder, name, stages }) => stages.map((stage): Entry => [JSON.stringify({ kind: 'rollouts', runFolder: folder, stage }), `${shortName(name)} · ${stage}`]));
  const current = JSON.stringify(withoutGroup(source));
  const entries: readonly Entry[] = [[JSON.stringify({ kind: 'gold' }), 'Gold answers'], [JSON.stringify(typed), 'Typed response'], ...stored];
  return source.kind !== 'rollouts' || entries.some(([value]) => value === current) ? entries : [...entries, [current, `${shortName(source.runFolder.split(/[\\/]/).at(-1) ?? '')} · ${source.stage}`]];
}

/** `20261121-101500-cards` as `11-21 10:15 cards`. */
function shortName(run: string): string {
  return run.replace(/^\d{4}(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-/, '$1-$2 $3:$4 ');
}

function withoutGroup(source: ResponseSource): ResponseSource {
  return source.kind === 'rollouts' ? { kind: 'rollouts', runFolder: source.runFolder, stage: source.stage } : source;
}

function counts(current: number): readonly Entry[] {
  return [...new Set([8, 16, 64, 256, 1024, current])].sort((a, b) => a - b).map((count): Entry => [String(count), String(count)]);
}
