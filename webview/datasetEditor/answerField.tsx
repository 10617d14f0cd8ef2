import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Row } from '../../src/core/dataset/row';
import { type AnswerKind, answerKind, answerKinds, choicesFor } from '../../src/core/grading/answerKind';
import { choiceOptions, lettersOf } from '../../src/core/grading/choiceOptions';
import { numberReading, parseNumber, printNumber } from '../../src/core/grading/formulas/numberReading';
import { BoxesAnswer } from './boxesAnswer';
import { useCommittedField } from './committedField';
import type { EditorStore } from './editorStore';
import { leaveField } from './leaveField';
import { LatexPreview } from './latexPreview';

const names: Readonly<Record<AnswerKind, string>> = { choice: 'choice', number: 'number', boxes: 'boxes', latex: 'LaTeX', text: 'text' };

/** The answer, edited as what it is. The kind is told from answer and question; another one can be chosen while the sample is shown, which changes nothing in the data. */
export function AnswerField({ store, row }: { readonly store: EditorStore; readonly row: Row }): preact.JSX.Element {
  const detected = answerKind(row.answer, row.problem);
  const kind = store.answerKind.value ?? detected;
  const isTyping = useSignal(false);
  const shape = useRef(kind);
  if (!isTyping.value) shape.current = kind; // a field that is typed into stays the one it is
  useEffect(() => () => void (store.answerKind.value = undefined), []); // the next sample is looked at anew
  const set = (value: string): void => void (value !== row.answer && store.gestures.change({ type: 'setText', field: 'answer', value }));
  return (
    <div class="field">
      <div class="field-name row">
        <label class="grow" for="answer">Answer</label>
        <select
          class="answer-kind" aria-label="Kind of the answer" title="How the answer is edited here; the data stay as they are" value={store.answerKind.value ?? ''}
          onChange={event => {
            store.fields.flush();
            isTyping.value = false;
            store.answerKind.value = (event.currentTarget.value || undefined) as AnswerKind | undefined;
            event.currentTarget.blur();
          }}
        >
          <option value="">{names[detected]} (detected)</option>
          {answerKinds.filter(each => each !== detected).map(each => <option key={each} value={each}>{names[each]}</option>)}
        </select>
      </div>
      {kind === 'choice' && <Choices row={row} set={set} />}
      <div onFocusIn={() => (isTyping.value = true)} onFocusOut={() => (isTyping.value = false)}>
        {shape.current === 'number' ? <NumberAnswer store={store} answer={row.answer} set={set} /> : <TextAnswer store={store} answer={row.answer} set={set} isLong={shape.current !== 'choice'} />}
      </div>
      {kind === 'latex' && <LatexPreview source={row.answer} />}
      {kind === 'boxes' && <BoxesAnswer store={store} row={row} set={set} />}
    </div>
  );
}

interface EditProps {
  readonly store: EditorStore;
  readonly answer: string;
  readonly set: (value: string) => void;
}

/** Its options as buttons; while one of them has the focus, their letters choose. */
function Choices({ row, set }: { readonly row: Row; readonly set: (value: string) => void }): preact.JSX.Element {
  const choices = choicesFor(row.answer, row.problem);
  const letters = lettersOf(row.answer.trim(), choices);
  const chosen = letters.length > 0 ? letters : [row.answer.trim()];
  const choose = (letter: string, isMore: boolean): void => set(isMore ? toggled(chosen, letter, choices.map(choice => choice.letter)) : letter);
  return (
    <div
      class="choices" role="group" aria-label="Options"
      onKeyDown={event => {
        const choice = choices.find(each => each.letter.charAt(0).toUpperCase() === event.key.toUpperCase());
        if (!choice || event.ctrlKey || event.metaKey || event.altKey) return;
        event.stopPropagation();
        event.preventDefault();
        choose(choice.letter, event.shiftKey);
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); // letters are keys of the editor again
      }}
    >
      {choices.map(({ letter, words }, at) => {
        const isChosen = chosen.includes(letter);
        return (
          <button
            key={letter} id={at === 0 ? 'answer-choice' : undefined} class="option" aria-pressed={isChosen} title={`${words === '' ? letter : `${letter}: ${words}`}\nShift+click: several`}
            onClick={event => {
              choose(letter, event.shiftKey);
              event.currentTarget.blur(); // letters are keys of the editor again
            }}
          >
            <kbd>{letter}</kbd> <span class="option-words">{words}</span>
          </button>
        );
      })}
    </div>
  );
}

function toggled(chosen: readonly string[], letter: string, order: readonly string[]): string {
  const now = chosen.includes(letter) ? chosen.filter(each => each !== letter) : [...chosen, letter];
  return order.filter(each => now.includes(each)).join(', ');
}

function NumberAnswer({ store, answer, set }: EditProps): preact.JSX.Element {
  const { number, unit } = parseNumber(answer) ?? { number: answer, unit: '' };
  const value = useCommittedField(store, number, text => set(parseNumber(text)?.unit ? text : printNumber({ number: text.trim(), unit })));
  const unitField = useCommittedField(store, unit, text => set(printNumber({ number, unit: text.trim() })));
  const { right, wrong } = numberReading(answer);
  return (
    <>
      <div class="number-answer">
        <vscode-text-field id="answer" class="grow" value={value.text} placeholder="No answer yet" aria-label="Answer" {...keysOf(value)} />
        <vscode-text-field id="answer-unit" class="unit" value={unitField.text} placeholder="unit" aria-label="Unit" {...keysOf(unitField)} />
      </div>
      {(right.length > 0 || wrong.length > 0) && (
        <p class="dim hint" title="What the grader says of other ways to write it">
          {right.length > 0 && <>also right: {right.join(', ')}</>}{right.length > 0 && wrong.length > 0 && ' · '}{wrong.length > 0 && <>wrong: {wrong.join(', ')}</>}
        </p>
      )}
    </>
  );
}

/** Enter takes the text, Shift+Enter begins a line. */
function TextAnswer({ store, answer, set, isLong }: EditProps & { readonly isLong: boolean }): preact.JSX.Element {
  const field = useCommittedField(store, answer, set);
  if (!isLong) return <vscode-text-field id="answer" class="wide" value={field.text} placeholder="No answer yet" aria-label="Answer" {...keysOf(field)} />;
  const rows = Math.min(8, Math.max(1, field.text.split('\n').length + Math.floor(field.text.length / 60)));
  return <vscode-text-area id="answer" class="wide" rows={rows} resize="vertical" value={field.text} placeholder="No answer yet" aria-label="Answer" {...keysOf(field)} />;
}

function keysOf(field: ReturnType<typeof useCommittedField>): { onInput(event: Event): void; onBlur(): void; onKeyDown(event: KeyboardEvent): void } {
  return {
    onInput: event => field.onInput((event.target as HTMLInputElement).value),
    onBlur: field.commit,
    onKeyDown: event => {
      if (event.key === 'Escape') field.discard();
      if (event.key !== 'Enter' || event.shiftKey) return;
      event.preventDefault();
      field.commit();
      leaveField(); // the next key, such as Y, is one of the editor
    },
  };
}

/** Chooses an option of the shown sample by its place, from the keyboard. */
export function chooseOption(store: EditorStore, place: number): void {
  const row = store.cursor.current.value?.row;
  if (!row) return;
  const isChoice = (store.answerKind.value ?? answerKind(row.answer, row.problem)) === 'choice';
  const choice = isChoice ? choicesFor(row.answer, row.problem)[place - 1] : undefined;
  if (!choice) return void (store.boxes.note.value = isChoice ? `The question has no option ${'ABCDEFGH'[place - 1]}` : 'The answer of this sample is no choice; choose that kind beside it first');
  if (choice.letter !== row.answer) void store.gestures.change({ type: 'setText', field: 'answer', value: choice.letter });
  store.boxes.note.value = `Answer ${choice.letter}${choiceOptions(row.problem).length > 0 ? `: ${choice.words}` : ''}`;
}
