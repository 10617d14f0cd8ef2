import { useEffect } from 'preact/hooks';
import type { Row } from '../../src/core/dataset/row';
import { gradeAnswer } from '../../src/core/grading/gradeAnswer';
import { answerGiven, type Majority, majorityAnswer } from '../../src/core/grading/majorityAnswer';
import type { ResponsesView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Foldable } from './foldable';

/** What the policy last answered, graded against the answer as it stands in the field: a wrong label shows itself. */
export function Responses({ store, row }: { readonly store: EditorStore; readonly row: Row }): preact.JSX.Element {
  const told = store.responses.of(row.qid);
  const isOpen = store.openParts.value.has('responses');
  useEffect(() => {
    if (isOpen) void store.responses.load(row.qid);
  }, [isOpen, row.qid]);
  return (
    <Foldable store={store} part="responses" title={told ? `Responses (${told.responses.length})` : 'Responses'}>
      {told === undefined ? <p class="dim hint">Looking for stored responses…</p> : told === null ? <p class="dim hint">No run has a response to this sample yet.</p> : <Group store={store} told={told} row={row} />}
    </Foldable>
  );
}

function Group({ store, told, row }: { readonly store: EditorStore; readonly told: ResponsesView; readonly row: Row }): preact.JSX.Element {
  const { shown: shownResponse } = store.responses;
  const shown = shownResponse.value?.qid === row.qid ? shownResponse.value.index : undefined;
  const openRollouts = (index: number): void => store.host.send('openRollouts', { runFolder: told.runFolder, stage: told.stage, group: told.group, index });
  const graded = told.responses.map(response => {
    const answer = answerGiven(response.text);
    return { ...response, answer, isRight: answer !== '' && gradeAnswer(answer, row.answer.trim()) };
  });
  const most = majorityOf(told, row);
  return (
    <div class="responses">
      <p class="dim hint">
        {graded.filter(each => each.isRight).length} of {graded.length} say what the label says · {told.run}, {told.stage}, step {told.step}
      </p>
      {most?.verdict === 'disagrees' && (
        <p class="hint responses-doubt">
          <i class="codicon codicon-warning is-warning" aria-hidden="true" /> {most.count} of {most.of} say “{most.answer}”{row.answer.trim() === '' ? '.' : `, the label says “${row.answer.trim()}”. Is it right?`}{' '}
          <button class="link" title="M" onClick={() => void takeMajority(store)}>Take “{most.answer}”</button>
          {' · '}<button class="link" title="Shift+M" onClick={() => void showDoubts(store)}>All such samples</button>
        </p>
      )}
      <ul>
        {graded.map(({ text, overall, answer, isRight }, index) => (
          <li key={index}>
            <button class="response-line" aria-expanded={shown === index} title="Its text, and its boxes on the image" onClick={() => (shownResponse.value = shown === index ? null : { qid: row.qid, index })}>
              <i class={`codicon codicon-${isRight ? 'check positive' : 'close negative'}`} role="img" aria-label={isRight ? 'right' : 'wrong'} />
              <span class="response-answer">{answer || '(no answer)'}</span>
              <span class="number dim">{overall === null ? '–' : overall.toFixed(2)}</span>
            </button>
            {shown === index && <pre class="raw-line">{text}</pre>}
            {shown === index && <button class="link" onClick={() => openRollouts(index)}>Open in the rollouts</button>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function majorityOf({ responses }: ResponsesView, { answer }: Row): Majority | undefined {
  return majorityAnswer(responses.map(({ text }) => answerGiven(text)), answer);
}

/** The answer of most stored responses becomes the label. */
export async function takeMajority(store: EditorStore): Promise<void> {
  const { row } = store.cursor.current.value ?? {};
  if (!row) return;
  if (store.blind.isOn.value) return void (store.boxes.note.value = 'A blind pass shows and takes no stored responses · Shift+S ends it');
  store.fields.flush();
  if (store.responses.of(row.qid) === undefined) await store.responses.load(row.qid);
  const told = store.responses.of(row.qid);
  const most = told ? majorityOf(told, row) : undefined;
  if (!most) store.boxes.note.value = told ? 'No stored response gives an answer' : 'No run has a response to this sample yet';
  else if (most.verdict === 'agrees') store.boxes.note.value = `The label says what ${most.count} of ${most.of} responses say`;
  else await store.gestures.change({ type: 'setText', field: 'answer', value: most.answer });
}

/** The samples whose label most of the stored responses deny, the surest first. */
export async function showDoubts(store: EditorStore): Promise<void> {
  if (store.blind.isOn.value) return void (store.boxes.note.value = 'A blind pass does not tell what the responses say of the first label · Shift+S ends it');
  if (!store.openParts.value.has('responses')) store.togglePart('responses');
  await store.query.ask({ text: 'majority:disagrees', sort: [{ column: 'majority_share', isDescending: true }] });
}
