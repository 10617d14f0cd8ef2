import type { ChangeKind, DiffFilter } from '../../src/core/diff/datasetDiff';
import { overview, setFilter } from './diffModel';

const kinds: readonly (readonly [kind: ChangeKind, icon: string])[] = [['added', 'diff-added'], ['removed', 'diff-removed'], ['changed', 'diff-modified'], ['rewritten', 'whitespace']];

/** What is compared, how much differs, and the filter: every count narrows the list to what it counts. */
export function Header() {
  const current = overview.value;
  if (!current) return null;
  const { filter, counts, fields, matching } = current;
  const total = counts.added + counts.removed + counts.changed + counts.rewritten;
  const change = (part: Partial<DiffFilter>): void => void setFilter({ ...filter, ...part });
  const onlyKind = filter.kinds?.length === 1 ? filter.kinds[0] : undefined;
  return (
    <header class="diff-head">
      <div class="row">
        <h1>{current.name}</h1>
        <span class="dim revisions" title={`${current.from} → ${current.to}`}>{current.from} <i class="codicon codicon-arrow-right" /> {current.to}</span>
        <span class="grow" />
        <span class="dim number" role="status">{matching === total ? '' : `${matching.toLocaleString('en')} of ${total.toLocaleString('en')} shown · `}{current.oldRows.toLocaleString('en')} → {current.nowRows.toLocaleString('en')} rows</span>
      </div>
      {total > 0 && (
        <div class="row filter-row">
          {kinds.filter(([kind]) => kind !== 'rewritten' || counts.rewritten > 0).map(([kind, icon]) => (
            <button key={kind} class={`count ${kind}`} title={kind === 'rewritten' ? 'The same values, other blanks, order of fields or forms of numbers' : ''} aria-pressed={onlyKind === kind} disabled={counts[kind] === 0} onClick={() => change({ kinds: onlyKind === kind ? undefined : [kind] })}>
              <i class={`codicon codicon-${icon}`} />{counts[kind].toLocaleString('en')} {kind}
            </button>
          ))}
          <span class="separator" />
          {fields.map(([name, rows]) => (
            <button key={name} class="count" aria-pressed={filter.field === name} title={`Rows whose "${name}" differs`} onClick={() => change({ field: filter.field === name ? undefined : name })}>
              {name} <span class="number dim">{rows.toLocaleString('en')}</span>
            </button>
          ))}
          <span class="grow" />
          <vscode-text-field class="id-search" placeholder="Sample id" aria-label="Sample id" onInput={(event: Event) => change({ qid: (event.target as HTMLInputElement).value.trim() || undefined })} />
        </div>
      )}
    </header>
  );
}
