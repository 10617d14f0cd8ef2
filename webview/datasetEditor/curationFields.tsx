import type { Curation, Review, StageOverride } from '../../src/core/curation/curation';
import type { Difficulty } from '../../src/core/dataset/sample';
import type { RowView } from '../../src/protocol/datasetEditor';
import { useCommittedField } from './committedField';
import type { EditorStore } from './editorStore';
import { leaveField } from './leaveField';

const reviews: readonly (readonly [Review, string])[] = [['todo', 'to do'], ['accepted', 'accepted'], ['rejected', 'rejected']];
const stages: readonly (readonly [StageOverride | '', string])[] = [
  ['', 'by difficulty'], ['perception', 'perception'], ['reasoning', 'reasoning'], ['warm-up', 'warm-up'], ['excluded', 'excluded'],
];
const difficulties: readonly (readonly [Difficulty | '', string])[] = [['', 'as sampled'], ['easy', 'easy'], ['medium', 'medium'], ['hard', 'hard']];

/** What a person decides about a sample besides its label; kept beside the dataset, not in it. */
export function CurationFields({ store, view }: { readonly store: EditorStore; readonly view: RowView }): preact.JSX.Element {
  const { curation } = view;
  return (
    <section class="curation" aria-label="Curation">
      <Tags store={store} tags={curation.tags} />
      <div class="field-row">
        <Pick title="Review" options={reviews} value={curation.review} choose={review => void store.gestures.curate({ type: 'setReview', review })} />
        <Pick title="Stage" options={stages} value={curation.stage ?? ''} choose={stage => void store.gestures.curate({ type: 'setStage', stage: stage === '' ? null : stage })} />
        <Pick title="Difficulty" options={difficulties} value={curation.difficulty ?? ''} choose={difficulty => void store.gestures.curate({ type: 'setDifficulty', difficulty: difficulty === '' ? null : difficulty })} />
      </div>
      <Note store={store} note={curation.note} />
    </section>
  );
}

function Tags({ store, tags }: { readonly store: EditorStore; readonly tags: Curation['tags'] }): preact.JSX.Element {
  const add = (input: HTMLInputElement): void => {
    const tag = input.value.trim();
    input.value = '';
    if (tag !== '' && !tags.includes(tag)) void store.gestures.curate({ type: 'addTag', tag });
  };
  return (
    <div class="field">
      <label class="field-name" for="tag">Tags</label>
      <div class="chips">
        {tags.map(tag => (
          <span key={tag} class="chip">
            <button title="Show all rows with this tag" onClick={() => store.query.add(`tag:${/[\s"|]/.test(tag) ? JSON.stringify(tag) : tag}`)}>{tag}</button>
            <button class="chip-remove codicon codicon-close" aria-label={`Remove tag ${tag}`} title="Remove" onClick={() => void store.gestures.curate({ type: 'removeTag', tag })} />
          </span>
        ))}
        <input id="tag" class="chip-input" aria-label="Add tag" placeholder="Add…" size={6} onBlur={event => add(event.currentTarget)} onKeyDown={event => event.key === 'Enter' && add(event.currentTarget)} />
      </div>
    </div>
  );
}

function Note({ store, note }: { readonly store: EditorStore; readonly note: string }): preact.JSX.Element {
  const field = useCommittedField(store, note, value => void store.gestures.curate({ type: 'setNote', note: value }));
  return (
    <div class="field">
      <label class="field-name" for="note">Note</label>
      <vscode-text-field
        id="note" class="wide" value={field.text} aria-label="Note" onInput={(event: Event) => field.onInput((event.target as HTMLInputElement).value)} onBlur={field.commit}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === 'Enter') {
            field.commit();
            leaveField();
          }
          if (event.key === 'Escape') field.discard();
        }}
      />
    </div>
  );
}

interface PickProps<T extends string> {
  readonly title: string;
  readonly options: readonly (readonly [T, string])[];
  readonly value: T;
  readonly choose: (value: T) => void;
}

function Pick<T extends string>({ title, options, value, choose }: PickProps<T>): preact.JSX.Element {
  return (
    <label class="field">
      <span class="field-name">{title}</span>
      <select value={value} onChange={event => choose(event.currentTarget.value as T)}>{options.map(([each, words]) => <option key={each} value={each}>{words}</option>)}</select>
    </label>
  );
}
