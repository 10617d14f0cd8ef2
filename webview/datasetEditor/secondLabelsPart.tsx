import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Row } from '../../src/core/dataset/row';
import type { LabelChange } from '../../src/core/labels/labelChange';
import { type Agreement, agreementOf, secondAgreement } from '../../src/core/review/agreement';
import type { AgreementSummary } from '../../src/core/review/agreementSummary';
import { type LabeledBox, labelsOfRow, type SecondLabels } from '../../src/core/review/secondLabels';
import { takeSecond, takeSecondBox } from '../../src/core/review/takeLabels';
import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Foldable } from './foldable';

/** What a second person labeled, beside the first: where they agree, and what a person decides where they do not. */
export function SecondLabelsPart({ store, view }: { readonly store: EditorStore; readonly view: RowView }): preact.JSX.Element {
  const { row, curation: { second } } = view;
  return (
    <Foldable store={store} part="second" title={second ? `Second labels${second.settled ? ', settled' : ''}` : 'Second labels'}>
      {row && second ? <Compared store={store} row={row} second={second} /> : <p class="dim hint">Nobody labeled this sample a second time. <button class="link" onClick={() => store.review.toggleBlind()}>Label blindly</button></p>}
      <Summary store={store} />
    </Foldable>
  );
}

function Compared({ store, row, second }: { readonly store: EditorStore; readonly row: Row; readonly second: SecondLabels }): preact.JSX.Element {
  const first = labelsOfRow(row);
  const measured = secondAgreement(first, second, store.boxes.frame);
  const agreement = agreementOf(first, second, store.boxes.frame); // as the row is now: after one box was taken the others can be
  const settle = (change: LabelChange | undefined): void => {
    const decided = { type: 'setSecond', second: { ...second, settled: second.settled ?? first } } as const;
    void (change ? store.gestures.change(change, decided) : store.gestures.curate(decided));
  };
  const isOpen = second.settled === undefined;
  return (
    <div class="second">
      <p class="dim hint">{[second.by, second.at.slice(0, 10)].filter(Boolean).join(', ')} · agreement {measured.score.toFixed(2)}{measured.meanIou !== null && ` · IoU ${measured.meanIou.toFixed(2)}, F1 ${measured.f1?.toFixed(2)}`}</p>
      <table class="second-table">
        <thead><tr><th /><th>first</th><th>second</th><th /></tr></thead>
        <tbody>
          {agreement.answer !== null && <Line what="answer" first={first.answer} second={second.answer} isSame={agreement.answer} take={!agreement.answer ? () => settle({ type: 'setText', field: 'answer', value: second.answer }) : undefined} />}
          {agreement.keyWords !== null && <Line what="key words" first={first.key_words.join(', ')} second={second.key_words.join(', ')} isSame={agreement.keyWords === 1} take={agreement.keyWords < 1 ? () => settle({ type: 'setKeyWords', value: second.key_words }) : undefined} />}
          <BoxLines agreement={agreement} first={first.boxes} second={second.boxes} take={places => settle(takeSecondBox(row, second, places))} />
        </tbody>
      </table>
      <div class="second-tools">
        {isOpen && measured.score < 1 && <button class="link" onClick={() => settle(undefined)}>Keep the first</button>}
        {takeSecond(row, second) && <button class="link" onClick={() => settle(takeSecond(row, second))}>Take the second</button>}
        <button class="link" onClick={() => void store.gestures.curate({ type: 'setSecond', second: null })}>Delete the second labels</button>
      </div>
    </div>
  );
}

interface LineProps {
  readonly what: string;
  readonly first: string;
  readonly second: string;
  readonly isSame: boolean;
  readonly take: (() => void) | undefined;
}

function Line({ what, first, second, isSame, take }: LineProps): preact.JSX.Element {
  return (
    <tr>
      <th scope="row"><i class={`codicon codicon-${isSame ? 'check positive' : 'close negative'}`} role="img" aria-label={isSame ? 'the same' : 'different'} /> {what}</th>
      <td>{first || '–'}</td>
      <td>{second || '–'}</td>
      <td>{take && <button class="link" title="Take the second one" onClick={take}>take</button>}</td>
    </tr>
  );
}

const mostLines = 60;

function BoxLines({ agreement, first, second, take }: {
  readonly agreement: Agreement;
  readonly first: readonly LabeledBox[];
  readonly second: readonly LabeledBox[];
  readonly take: (places: { readonly first?: number; readonly place?: number }) => void;
}): preact.JSX.Element {
  const name = (box: LabeledBox | undefined): string => box?.label || 'unnamed';
  const lines = [
    ...agreement.pairs.map(pair => ({ what: `IoU ${pair.iou.toFixed(2)}`, a: name(first[pair.first]), b: name(second[pair.second]), isSame: pair.isSameLabel && pair.iou > 0.999, places: { first: pair.first, place: pair.second } })),
    ...agreement.onlyFirst.map(place => ({ what: 'box', a: name(first[place]), b: '', isSame: false, places: { first: place } })),
    ...agreement.onlySecond.map(place => ({ what: 'box', a: '', b: name(second[place]), isSame: false, places: { place } })),
  ];
  return (
    <>
      {lines.slice(0, mostLines).map(({ what, a, b, isSame, places }, at) => <Line key={at} what={what} first={a} second={b} isSame={isSame} take={!isSame ? () => take(places) : undefined} />)}
      {lines.length > mostLines && <tr><td colSpan={4} class="dim">and {lines.length - mostLines} more boxes</td></tr>}
    </>
  );
}

/** How the two agree over the whole dataset. */
function Summary({ store }: { readonly store: EditorStore }): preact.JSX.Element | null {
  const told = useSignal<AgreementSummary | undefined>(undefined);
  const edited = store.document.value?.edited;
  useEffect(() => {
    store.host.request('agreement', null).then(summary => (told.value = summary), (error: unknown) => store.fail(error));
  }, [edited]);
  const summary = told.value;
  if (!summary || summary.samples === 0) return null;
  const { samples, open, meanIou, f1, answers, kappa } = summary;
  const parts = [
    `${samples.toLocaleString('en')} ${samples === 1 ? 'sample' : 'samples'} labeled twice`,
    meanIou !== null && `mean IoU ${meanIou.toFixed(2)}`,
    f1 !== null && `F1 ${f1.toFixed(2)}`,
    answers !== null && `answers ${Math.round(answers * 100)} %`,
    kappa !== null && `κ ${kappa.toFixed(2)}`,
  ];
  return (
    <p class="hint second-summary">
      {parts.filter(Boolean).join(' · ')}{' '}
      {open > 0 && <button class="link" onClick={() => void store.query.ask({ text: 'second:open', sort: [{ column: 'agreement', isDescending: false }] })}>{open.toLocaleString('en')} to decide</button>}
    </p>
  );
}
