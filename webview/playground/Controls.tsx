import { type AdvantageRule, advantageRules } from '../../src/core/rollouts/advantage';
import type { PlaygroundChoice, PlaygroundOptions, ResponseSource } from '../../src/protocol/playground';
import { cancel, choice, choose, hasGroups, isScoring, openPlace, options, pickFile, rescore, sampleFresh } from './playgroundModel';
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
        <Select label="Responses" value={JSON.stringify(withoutGroup(source))} entries={sourceEntries(all, current)} onChange={chooseSource} />
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
        <Field label={source.kind === 'gold' ? 'Samples' : source.kind === 'file' ? 'At most' : 'Rollouts'}>
          <Select label={source.kind === 'gold' ? 'Number of samples' : 'Number of rollouts'} value={String(current.count)} entries={counts(current.count)} onChange={count => choose({ count: Number(count) })} />
        </Field>
      )}
      {hasGroups.value && (
        <Field label="Advantages as in">
          <Select label="Advantage rule" title={advantageRules[current.rule].formula} value={current.rule} entries={Object.entries(advantageRules).map(([rule, { label }]): Entry => [rule, label])} onChange={rule => choose({ rule: rule as AdvantageRule })} />
        </Field>
      )}
      <span class="grow" />
      {isScoring.value
        ? <span class="row scoring" role="status"><i class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true" />Scoring<button class="link" onClick={cancel}>Cancel</button></span>
        : <span class="row scoring"><Facts /><button class="tool" title="Score again" aria-label="Score again" onClick={rescore}><i class="codicon codicon-refresh" /></button></span>}
    </header>
  );
}

/** Entries that ask for something before there are responses. */
const actions: Readonly<Record<string, () => void>> = { fresh: sampleFresh, pick: pickFile };

function chooseSource(value: string): void {
  const action = actions[value];
  if (action) action();
  else choose({ source: JSON.parse(value) as ResponseSource });
}

function Field({ label, isWide = false, children }: { readonly label: string; readonly isWide?: boolean; readonly children: preact.ComponentChildren }) {
  return <div class={`field ${isWide ? 'is-wide' : ''}`}><span class="field-label" aria-hidden="true">{label}</span>{children}</div>;
}

type Entry = readonly [value: string, text: string];

function Select({ label, title, value, entries, onChange }: { readonly label: string; readonly title?: string; readonly value: string; readonly entries: readonly Entry[]; readonly onChange: (value: string) => void }) {
  return (
    <vscode-dropdown aria-label={label} title={title} value={value} disabled={entries.length === 0} onChange={(event: Event) => {
      const target = event.target as HTMLSelectElement;
      const chosen = target.value;
      if (chosen === value) return;
      if (chosen in actions) target.value = value; // nothing is chosen yet
      onChange(chosen);
    }}>
      {entries.map(([entry, text]) => <vscode-option key={entry} value={entry} selected={entry === value}>{text}</vscode-option>)}
    </vscode-dropdown>
  );
}

function rewardEntries({ rewards }: PlaygroundOptions, { reward }: PlaygroundChoice): readonly Entry[] {
  const entries = rewards.map(({ path, name }): Entry => [path, name]);
  return reward === null || rewards.some(({ path }) => path === reward) ? entries : [[reward, reward.split(/[\\/]/).at(-1) ?? reward], ...entries]; // no project names it yet
}

function sourceEntries({ runs, files }: PlaygroundOptions, { source }: PlaygroundChoice): readonly Entry[] {
  const typed: ResponseSource = source.kind === 'typed' ? source : { kind: 'typed', text: null };
  const stored = runs.slice(0, 12).flatMap(({ folder, name, stages }) => stages.map((stage): Entry => [JSON.stringify({ kind: 'rollouts', runFolder: folder, stage }), `${shortName(name)} · ${stage}`]));
  const written = files.slice(0, 8).map(({ path, name }): Entry => [JSON.stringify({ kind: 'file', path }), shortName(name)]);
  const current = JSON.stringify(withoutGroup(source));
  const listed: readonly Entry[] = [[JSON.stringify({ kind: 'gold' }), 'Gold answers'], [JSON.stringify(typed), 'Typed response'], ...stored, ...written];
  const entries = listed.some(([value]) => value === current) ? listed : [...listed, [current, nameOfSource(source)] as const];
  return [...entries, ['fresh', 'Sample fresh responses…'], ['pick', 'Responses of a file…']];
}

function nameOfSource(source: ResponseSource): string {
  const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
  if (source.kind === 'rollouts') return `${shortName(baseName(source.runFolder))} · ${source.stage}`;
  return source.kind === 'file' ? baseName(source.path) : source.kind;
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
