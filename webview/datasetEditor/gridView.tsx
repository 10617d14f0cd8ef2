import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Marks } from './marks';
import { Picture } from './picture';
import { RowCheck } from './rowCheck';
import { useRowClicks } from './rowKeys';
import { RowList } from './rowList';
import { spokenRow } from './spokenRow';

const cardWidth = 168;
const cardHeight = 204;
const edge = 8;

/** Samples as cards with their pictures and boxes. */
export function GridView({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const click = useRowClicks(store);
  return (
    <RowList
      store={store} class="grid" label="Samples" sizes={width => ({ columns: Math.max(1, Math.floor((width - edge) / (cardWidth + edge))), rowHeight: cardHeight + edge, headHeight: 32 })}
      rows={(from, to) => store.cursor.rowsOf(from, to).map((row, offset) => (
        <Card
          key={row} store={store} row={row} position={from + offset} view={store.cursor.rowAt(row)} isSelected={store.selection.count > 0 && store.selection.has(row)}
          onClick={event => click(event, from + offset)}
        />
      ))}
    />
  );
}

interface CardProps {
  readonly store: EditorStore;
  readonly row: number;
  /** Among the rows of the query, from 0. */
  readonly position: number;
  readonly view: RowView | undefined;
  readonly isSelected: boolean;
  readonly onClick: (event: MouseEvent) => void;
}

function Card({ store, row, position, view, isSelected, onClick }: CardProps): preact.JSX.Element {
  const name = view?.row?.qid || (view ? `line ${view.line}` : '');
  return (
    <div
      class={`card ${store.cursor.index.value === row ? 'is-current' : ''} ${view?.isDeleted ? 'is-deleted' : ''}`} role="option" aria-selected={isSelected} aria-label={spokenRow(view)}
      id={`row-${row}`} aria-posinset={position + 1} aria-setsize={store.cursor.count.value} title={view?.row?.problem.replaceAll('<image>', '').trim()} onClick={onClick} onDblClick={() => store.show('label')}
    >
      <div class="card-picture"><Picture store={store} view={view} /></div>
      <RowCheck isSelected={isSelected} />
      <div class="card-line"><span class="card-name">{name}</span><span class="grow" /><Marks view={view} /></div>
      <div class="card-line dim"><span class="card-answer" title={view?.row?.answer}>{view?.row?.answer ?? view?.text ?? ''}</span></div>
    </div>
  );
}
