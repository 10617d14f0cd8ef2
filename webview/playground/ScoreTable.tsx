import type { ScoredRow } from '../../src/protocol/playground';
import { VirtualRows } from '../shared/virtualRows';
import { componentNames, hasGroups, openSample, scored, select, selectedRow } from './playgroundModel';
import { SortHead } from './SortHead';
import { Delta } from './Summary';
import { advantageOf, type Group, lines, moveSelection, sort } from './tableModel';

/** Height of a row of the tables, px. */
export const rowHeight = 24;

/** One line a response; the lines of a group stand together below its mean unless the table is sorted. */
export function ScoreTable() {
  const names = componentNames.value;
  const hasChange = scored.value?.before != null;
  const isGrouped = hasGroups.value;
  const shown = lines.value;
  const selected = selectedRow.value?.key;
  const width = names.length + 3 + Number(hasChange) + Number(isGrouped);
  return (
    <VirtualRows
      label="Responses" class="scores" count={shown.length} rowHeight={rowHeight}
      selected={shown.findIndex(line => line.row?.key === selected)}
      onKeyDown={event => moveByKey(event, moveSelection)}
      columns={<><col class="col-sample" /><col class="col-number" />{hasChange && <col class="col-change" />}{isGrouped && <col class="col-number" />}{names.map(name => <col key={name} class="col-number" />)}<col class="col-flag" /></>}
      head={<tr>
        <SortHead by="sample">Sample</SortHead><SortHead by="overall" isNumber>overall</SortHead>
        {hasChange && <SortHead by="change" isNumber title="Change since the last save">Δ</SortHead>}
        {isGrouped && <SortHead by="advantage" isNumber title="Advantage within the group by the chosen rule">adv.</SortHead>}
        {names.map(name => <SortHead key={name} by={name} isNumber>{name}</SortHead>)}<th aria-label="Errors" />
      </tr>}
      row={index => {
        const line = shown[index];
        if (line?.group) return <GroupLine key={line.group.key} group={line.group} width={width} />;
        return line?.row ? <ResponseLine key={line.row.key} row={line.row} names={names} hasChange={hasChange} isGrouped={isGrouped} isSelected={line.row.key === selected} /> : null;
      }}
    />
  );
}

/** Arrow keys, page keys, Home and End; Enter opens the sample. */
export function moveByKey(event: KeyboardEvent, move: (by: number) => void): void {
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[event.key];
  if (by !== undefined) {
    event.preventDefault();
    move(by);
  } else if (event.key === 'Enter') openSample();
}

interface ResponseLineProps {
  readonly row: ScoredRow;
  readonly names: readonly string[];
  readonly hasChange: boolean;
  readonly isGrouped: boolean;
  readonly isSelected: boolean;
}

function ResponseLine({ row, names, hasChange, isGrouped, isSelected }: ResponseLineProps) {
  const { score, group } = row;
  const isMember = group !== null && !sort.value;
  return (
    <tr aria-selected={isSelected} onClick={() => select(row.key)} onDblClick={openSample}>
      <td class={isMember ? 'member' : ''}>{isMember ? `response ${row.index + 1}` : group === null ? row.sample.qid : `${row.sample.qid} · ${row.index + 1}`}</td>
      <td class="number strong">{score.overall === null ? '–' : score.overall.toFixed(3)}</td>
      {hasChange && <td class="change number"><Delta value={score.overall} before={row.before} /></td>}
      {isGrouped && <Advantage value={advantageOf(row)} />}
      {names.map(name => <ComponentCell key={name} value={score.components[name]} isFailed={score.error?.component === name} />)}
      <td class="flag">{score.error && <i class="codicon codicon-error error" role="img" aria-label={score.error.message} title={score.error.message} />}</td>
    </tr>
  );
}

function Advantage({ value }: { readonly value: number | null }) {
  if (value === null) return <td class="number dim">–</td>;
  if (Math.abs(value) < 5e-3) return <td class="number dim">0</td>;
  return <td class={`number ${value > 0 ? 'positive' : 'negative'}`}>{value > 0 ? '+' : '−'}{Math.abs(value).toFixed(2)}</td>;
}

export function ComponentCell({ value, isFailed }: { readonly value: number | null | undefined; readonly isFailed: boolean }) {
  if (isFailed) return <td class="number error" title="This component failed">failed</td>;
  if (value === null || value === undefined) return <td class="number dim" title="Does not apply to this sample">–</td>;
  return <td class={`number ${value === 0 ? 'nothing' : ''}`}>{value.toFixed(2)}</td>;
}

function GroupLine({ group: { rows, mean, std, spread }, width }: { readonly group: Group; readonly width: number }) {
  return (
    <tr class="group-line">
      <td colSpan={width}>
        <b>{rows[0]?.sample.qid}</b>
        {mean !== null && <span class="number dim"> mean {mean.toFixed(3)}{std === null ? '' : ` ± ${std.toFixed(3)}`}</span>}
        <SpreadFlag spread={spread} />
      </td>
    </tr>
  );
}

/** Says of a group that it teaches nothing. */
export function SpreadFlag({ spread }: { readonly spread: Group['spread'] }) {
  if (spread === 'zero') return <span class="zero" title="All rewards of this group are equal: no advantage, nothing to learn"><i class="codicon codicon-circle-slash" aria-hidden="true" /> zero-std</span>;
  if (spread === 'near-zero') return <span class="zero" title="The rewards of this group hardly differ: TRL dampens it, EasyR1, verl and OpenRLHF blow it up"><i class="codicon codicon-warning" aria-hidden="true" /> near zero-std</span>;
  return null;
}
