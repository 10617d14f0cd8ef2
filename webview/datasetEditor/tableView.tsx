import type { ComponentChildren } from 'preact';
import { passRate } from '../../src/core/dataset/difficulty';
import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Marks } from './marks';
import { Picture } from './picture';
import { RowCheck } from './rowCheck';
import { useRowClicks } from './rowKeys';
import { RowList } from './rowList';
import { spokenRow } from './spokenRow';

const rowHeight = 40;

interface TableColumn {
  readonly title: string;
  /** Column of the query that a click on the head sorts by. */
  readonly sort?: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly isNumber?: boolean;
  readonly cell: (view: RowView) => ComponentChildren;
}

const columns: readonly TableColumn[] = [
  { title: 'qid', sort: 'qid', width: 'minmax(56px, 1fr)', cell: view => view.row?.qid || `line ${view.line}` },
  { title: 'Problem', sort: 'problem', width: 'minmax(72px, 4fr)', cell: view => view.row?.problem.replaceAll('<image>', '').trim() ?? <span class="mono dim">{view.text}</span> },
  { title: 'Answer', sort: 'answer', width: 'minmax(40px, 1.4fr)', cell: view => view.row?.answer },
  { title: 'Key words', sort: 'key_words', width: 'minmax(40px, 2fr)', cell: view => view.row?.key_words.join(', ') },
  { title: 'Boxes', sort: 'box_count', width: '56px', isNumber: true, cell: view => view.row?.boxes.length },
  { title: 'Difficulty', sort: 'pass_rate', width: '104px', cell: view => difficultyOf(view) },
  { title: 'Tags', sort: 'tags', width: 'minmax(40px, 1fr)', cell: view => view.curation.tags.join(', ') },
  { title: '', width: '88px', cell: view => <Marks view={view} /> },
];

const template = `28px 40px ${columns.map(column => column.width).join(' ')}`;

function difficultyOf({ difficulty, curation }: RowView): ComponentChildren {
  const shown = curation.difficulty ?? difficulty?.difficulty;
  if (!shown) return <span class="dim">not sampled</span>;
  return <>{shown} {difficulty && <span class="dim number">{passRate(difficulty)}</span>}</>;
}

/** Samples as lines; the heads sort. */
export function TableView({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const click = useRowClicks(store);
  return (
    <RowList
      store={store} class="table" label="Samples" sizes={() => ({ columns: 1, rowHeight, headHeight: 32 })} head={<Head store={store} />}
      rows={(from, to) => store.cursor.rowsOf(from, to).map((row, offset) => {
        const view = store.cursor.rowAt(row);
        const isSelected = store.selection.count > 0 && store.selection.has(row);
        return (
          <div
            key={row} class={`line ${store.cursor.index.value === row ? 'is-current' : ''} ${view?.isDeleted ? 'is-deleted' : ''}`} style={{ gridTemplateColumns: template }}
            id={`row-${row}`} role="option" aria-posinset={from + offset + 1} aria-setsize={store.cursor.count.value} aria-selected={isSelected} aria-label={spokenRow(view)} onClick={event => click(event, from + offset)} onDblClick={() => store.show('label')}
          >
            <RowCheck isSelected={isSelected} />
            <span class="line-picture"><Picture store={store} view={view} /></span>
            {columns.map(column => {
              const cell = view && column.cell(view);
              return <span key={column.title} class={`cell ${column.isNumber ? 'number' : ''}`} title={typeof cell === 'string' ? cell : undefined}>{cell}</span>;
            })}
          </div>
        );
      })}
    />
  );
}

function Head({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const [first] = store.query.query.value.sort;
  return (
    <div role="table" aria-label="Columns to sort by">
      <div class="line table-head" style={{ gridTemplateColumns: template, width: `${store.listWidth.value}px` }} role="row">
        <span />
        <span />
        {columns.map(({ title, sort, isNumber }) => {
          const isSorted = sort !== undefined && first?.column === sort;
          const icon = isSorted && <i class={`codicon codicon-arrow-${first.isDescending ? 'down' : 'up'}`} aria-hidden="true" />;
          if (sort === undefined) return <span key={title} class="cell" />;
          return (
            <div key={title} role="columnheader" aria-sort={isSorted ? (first.isDescending ? 'descending' : 'ascending') : 'none'}>
              <button class={`cell head-button ${isNumber ? 'number' : ''}`} title={`Sort by ${title.toLowerCase()}`} onClick={() => store.query.sortBy(sort)}>{title} {icon}</button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
