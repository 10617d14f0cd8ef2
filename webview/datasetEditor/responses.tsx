import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Row } from '../../src/core/dataset/row';
import { extractAnswer } from '../../src/core/grading/extractAnswer';
import { gradeAnswer } from '../../src/core/grading/gradeAnswer';
import type { ResponsesView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Foldable } from './foldable';

/** What the policy last answered, graded against the answer as it stands in the field: a wrong label shows itself. */
export function Responses({ store, row }: { readonly store: EditorStore; readonly row: Row }): preact.JSX.Element {
  const told = store.responses.value.get(row.qid);
  const isOpen = store.openParts.value.has('responses');
  useEffect(() => {
    if (isOpen) void store.loadResponses(row.qid);
  }, [isOpen, row.qid]);
  return (
    <Foldable store={store} part="responses" title={told ? `Responses (${told.responses.length})` : 'Responses'}>
      {told === undefined ? <p class="dim hint">Looking for stored responses…</p> : told === null ? <p class="dim hint">No run has a response to this sample yet.</p> : <Group told={told} row={row} />}
    </Foldable>
  );
}

function Group({ told, row }: { readonly told: ResponsesView; readonly row: Row }): preact.JSX.Element {
  const shown = useSignal<number | undefined>(undefined);
  const graded = told.responses.map(response => {
    const answer = extractAnswer(response.text).text;
    return { ...response, answer, isRight: gradeAnswer(answer, row.answer.trim()) };
  });
  const right = graded.filter(each => each.isRight).length;
  const other = majority(graded.filter(each => !each.isRight).map(each => each.answer));
  return (
    <div class="responses">
      <p class="dim hint">
        {right} of {graded.length} say what the label says · {told.run}, {told.stage}, step {told.step}
      </p>
      {other && other.count > right && <p class="hint responses-doubt"><i class="codicon codicon-warning is-warning" aria-hidden="true" /> {other.count} of {graded.length} say “{other.answer}”. Is the label right?</p>}
      <ul>
        {graded.map(({ text, overall, answer, isRight }, index) => (
          <li key={index}>
            <button class="response-line" aria-expanded={shown.value === index} onClick={() => (shown.value = shown.value === index ? undefined : index)}>
              <i class={`codicon codicon-${isRight ? 'check positive' : 'close negative'}`} role="img" aria-label={isRight ? 'right' : 'wrong'} />
              <span class="response-answer">{answer || '(no answer)'}</span>
              <span class="number dim">{overall === null ? '–' : overall.toFixed(2)}</span>
            </button>
            {shown.value === index && <pre class="raw-line">{text}</pre>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The answer that most of them give; undefined for none. */
function majority(answers: readonly string[]): { readonly answer: string; readonly count: number } | undefined {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  return first && { answer: first[0], count: first[1] };
}
