import { useEffect, useRef } from 'preact/hooks';
import { spreadOf } from '../../src/core/rollouts/groupSpread';
import type { ScoredRow } from '../../src/protocol/playground';
import { componentNames, moveSelection, openSample, rows, scored, select, selectedRow } from './playgroundModel';
import { Delta } from './Summary';

/** One line a response; the lines of a group stand together below its mean. */
export function ScoreTable() {
  const names = componentNames.value;
  const hasChange = scored.value?.before != null;
  const body = useRef<HTMLTableSectionElement>(null);
  const selected = selectedRow.value?.key;
  useEffect(() => body.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [selected]);
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      moveSelection(by);
    } else if (event.key === 'Enter') openSample();
  };
  return (
    <div class="table-scroller" tabIndex={0} role="group" aria-label="Responses" onKeyDown={move}>
      <table class="scores">
        <thead>
          <tr><th>Sample</th><th class="number">overall</th>{hasChange && <th class="change" aria-label="Change" />}{names.map(name => <th key={name} class="number">{name}</th>)}<th aria-label="Errors" /></tr>
        </thead>
        <tbody ref={body}>
          {rows.value.map((row, at) => (
            <>
              {row.group !== null && rows.value[at - 1]?.group !== row.group && <GroupLine key={row.group} row={row} width={names.length + 4} />}
              <tr key={row.key} aria-selected={row.key === selected} onClick={() => select(row.key)} onDblClick={openSample}>
                <td class={row.group === null ? '' : 'member'}>{row.group === null ? row.sample.qid : `response ${row.index + 1}`}</td>
                <td class="number strong">{row.score.overall === null ? '–' : row.score.overall.toFixed(3)}</td>
                {hasChange && <td class="change"><Delta value={row.score.overall} before={row.before} /></td>}
                {names.map(name => <ComponentCell key={name} value={row.score.components[name]} isFailed={row.score.error?.component === name} />)}
                <td class="flag">{row.score.error && <i class="codicon codicon-error error" role="img" aria-label={row.score.error.message} title={row.score.error.message} />}</td>
              </tr>
            </>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ComponentCell({ value, isFailed }: { readonly value: number | null | undefined; readonly isFailed: boolean }) {
  if (isFailed) return <td class="number error" title="This component failed">failed</td>;
  if (value === null || value === undefined) return <td class="number dim" title="Does not apply to this sample">–</td>;
  return <td class="number">{value.toFixed(2)}</td>;
}

function GroupLine({ row, width }: { readonly row: ScoredRow; readonly width: number }) {
  const { mean, std, spread } = spreadOf(rows.value.filter(other => other.group === row.group).map(other => other.score.overall));
  return (
    <tr class="group-line">
      <td colSpan={width}>
        <b>{row.sample.qid}</b>
        {mean !== null && <span class="number dim"> mean {mean.toFixed(3)}{std === null ? '' : ` ± ${std.toFixed(3)}`}</span>}
        {spread === 'zero' && <span class="zero" title="All rewards of this group are equal: no advantage, nothing to learn"><i class="codicon codicon-circle-slash" aria-hidden="true" /> zero-std</span>}
      </td>
    </tr>
  );
}
