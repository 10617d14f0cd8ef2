import { RewardDots } from '../shared/rewardDots';
import { VirtualRows } from '../shared/virtualRows';
import { hasGroups, sampleFresh, scored, select, selectedRow } from './playgroundModel';
import { moveByKey, rowHeight, SpreadFlag } from './ScoreTable';
import { SortHead } from './SortHead';
import { Delta } from './Summary';
import { moveGroup, shownGroups } from './tableModel';

/** One line a group: its rewards as dots, coloured by the sign of their advantage. */
export function GroupTable() {
  if (!hasGroups.value) return <div class="empty"><p>These responses form no groups: one response a sample. Advantages need several responses to the same question.</p><vscode-button onClick={sampleFresh}>Sample Responses…</vscode-button></div>;
  const groups = shownGroups.value;
  const hasChange = scored.value?.before != null;
  const current = selectedRow.value?.group;
  return (
    <VirtualRows
      label="Groups" class="scores" count={groups.length} rowHeight={rowHeight} selected={groups.findIndex(group => group.key === current)}
      onKeyDown={event => moveByKey(event, moveGroup)}
      columns={<><col class="col-sample" /><col class="col-dots" /><col class="col-number" /><col class="col-number" />{hasChange && <col class="col-change" />}<col class="col-note" /></>}
      head={<tr>
        <SortHead by="sample">Sample</SortHead><th>Rewards <span class="dim">▲ above ▼ below the mean</span></th><SortHead by="mean" isNumber>mean</SortHead><SortHead by="std" isNumber>std</SortHead>
        {hasChange && <SortHead by="change" isNumber title="Change of the mean since the last save">Δ</SortHead>}<th aria-label="Flags" />
      </tr>}
      row={index => {
        const group = groups[index];
        const first = group?.rows[0];
        if (!group || !first) return null;
        return (
          <tr key={group.key} aria-selected={group.key === current} onClick={() => select(first.key)}>
            <td>{first.sample.qid}</td>
            <td><RewardDots marks={group.marks} /></td>
            <td class="number strong">{group.mean === null ? '–' : group.mean.toFixed(3)}</td>
            <td class="number">{group.std === null ? '–' : group.std.toFixed(3)}</td>
            {hasChange && <td class="change number"><Delta value={group.mean} before={group.mean === null || group.change === null ? null : group.mean - group.change} /></td>}
            <td><SpreadFlag spread={group.spread} /></td>
          </tr>
        );
      }}
    />
  );
}
