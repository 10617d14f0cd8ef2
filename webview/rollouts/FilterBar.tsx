import type { RolloutFilter } from '../../src/core/rollouts/rolloutFilter';
import { choose, list, openRun, runName, stages } from './rolloutsModel';

/** Stage and filters; each change is applied at once. */
export function FilterBar() {
  const current = list.value;
  if (!current?.stage) return null;
  const { stage, filter, facets } = current;
  const change = (part: Partial<RolloutFilter>): void => void choose(stage, { ...filter, ...part });
  const isFiltered = Object.values(filter).some(value => value !== undefined && value !== false);
  return (
    <header class="filters">
      <div class="row filter-row">
        <button class="link run-link" title="Open the run" onClick={openRun}>{runName.value}</button>
        <div class="stage-tabs" role="tablist" aria-label="Stage">
          {stages.value.map(name => (
            <button key={name} role="tab" aria-selected={name === stage} class="stage-tab" onClick={() => void choose(name, {})}>{name}</button>
          ))}
        </div>
        <span class="grow" />
        <Counts />
      </div>
      <div class="row filter-row">
        {facets.datasets.length > 1 && <Choice label="Dataset" value={filter.dataset} options={facets.datasets.map(name => [name, name])} onChange={dataset => change({ dataset })} />}
        {facets.policyStages.length > 1 && <Choice label="Policy" value={filter.policyStage} options={facets.policyStages.map(name => [name, `after ${name}`])} onChange={policyStage => change({ policyStage })} />}
        {facets.modes.length > 1 && <Choice label="Decoding" value={filter.mode} options={facets.modes.map(name => [name, name])} onChange={mode => change({ mode })} />}
        <Choice label="Difficulty" value={filter.difficulty} options={[['easy', 'easy'], ['medium', 'medium'], ['hard', 'hard']]} onChange={difficulty => change({ difficulty })} />
        <Choice label="Answers" value={filter.outcome} options={[['all-right', 'all right'], ['mixed', 'some right'], ['all-wrong', 'all wrong']]} onChange={outcome => change({ outcome })} />
        <Choice label="Signal" value={filter.spread} options={[['zero', 'zero-std'], ['some', 'with signal']]} onChange={spread => change({ spread })} />
        {facets.steps && facets.steps[0] !== facets.steps[1] && <Steps range={facets.steps} value={filter.steps} onChange={steps => change({ steps })} />}
        <vscode-checkbox checked={filter.errors ?? false} onChange={(event: Event) => change({ errors: (event.target as HTMLInputElement).checked || undefined })}>Errors</vscode-checkbox>
        <vscode-text-field class="sample-search" placeholder="Sample id" aria-label="Sample id" value={filter.sampleId ?? ''} onChange={(event: Event) => change({ sampleId: (event.target as HTMLInputElement).value.trim() || undefined })} />
        {isFiltered && <button class="link" onClick={() => void choose(stage, {})}>Clear filters</button>}
      </div>
    </header>
  );
}

function Counts() {
  const current = list.value;
  if (!current) return null;
  const shown = current.matching === current.groups ? `${words(current.groups)} groups` : `${words(current.matching)} of ${words(current.groups)} groups`;
  return (
    <span class="dim number" role="status">
      {current.isIndexing && <i class="codicon codicon-loading codicon-modifier-spin" aria-label="Reading" />}
      {' '}{shown} · {words(current.rollouts)} rollouts{current.zeroShare === null ? '' : ` · ${Math.round(current.zeroShare * 100)} % zero-std`}
      {current.problems.length > 0 && <span class="error" title={current.problems.map(problem => `line ${problem.line ?? '?'}: ${problem.message}`).join('\n')}> · {current.problems.length} bad lines</span>}
    </span>
  );
}

const words = (count: number): string => count.toLocaleString('en');

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T | undefined) => void;
}

/** A drop-down whose first entry is "no condition". */
function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <vscode-dropdown class={value === undefined ? '' : 'is-set'} value={value ?? ''} aria-label={label} onChange={(event: Event) => onChange(((event.target as HTMLSelectElement).value || undefined) as T | undefined)}>
      <vscode-option value="" selected={value === undefined}>{label}: any</vscode-option>
      {options.map(([option, text]) => <vscode-option key={option} value={option} selected={option === value}>{text}</vscode-option>)}
    </vscode-dropdown>
  );
}

interface StepsProps {
  readonly range: readonly [number, number];
  readonly value: readonly [number, number] | undefined;
  readonly onChange: (value: readonly [number, number] | undefined) => void;
}

function Steps({ range, value, onChange }: StepsProps) {
  const [first, last] = value ?? range;
  const set = (from: number, to: number): void => onChange(from <= range[0] && to >= range[1] ? undefined : [from, to]);
  const field = (label: string, shown: number, change: (next: number) => void) => (
    <vscode-text-field class="step" aria-label={label} value={String(shown)} onChange={(event: Event) => {
      const next = Number((event.target as HTMLInputElement).value);
      if (Number.isInteger(next)) change(next);
    }} />
  );
  return <span class="row steps"><span class="dim">Steps</span>{field('First step', first, from => set(from, last))}<span class="dim">–</span>{field('Last step', last, to => set(first, to))}</span>;
}
