import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';

/** What needs a decision: the file is gone, a row was changed here and on disk, an edit failed. */
export function Banners({ store, view }: { readonly store: EditorStore; readonly view: RowView | undefined }): preact.JSX.Element {
  const document = store.document.value;
  const fail = (error: unknown): void => void (store.failure.value = error instanceof Error ? error.message : String(error));
  const others = document?.conflicts.filter(index => index !== store.index.value) ?? [];
  const next = others[0];
  return (
    <>
      {document?.isMissing && (
        <Banner icon="warning" text="The file was deleted or moved. Everything that was in it can still be written again.">
          <vscode-button appearance="secondary" onClick={() => store.host.request('writeAgain', null).catch(fail)}>Write the File Again</vscode-button>
        </Banner>
      )}
      {view?.theirs !== undefined && (
        <Banner icon="git-compare" text="This row was changed on disk while it had unsaved edits here.">
          {view.theirs.row && <Difference mine={view.row} theirs={view.theirs.row} />}
          <vscode-button onClick={() => store.host.request('resolve', { index: view.index, take: 'mine' }).catch(fail)}>Keep Mine</vscode-button>
          <vscode-button appearance="secondary" onClick={() => store.host.request('resolve', { index: view.index, take: 'theirs' }).catch(fail)}>Take the One on Disk</vscode-button>
        </Banner>
      )}
      {next !== undefined && (
        <Banner icon="git-compare" text={`${others.length === 1 ? 'Another row was' : `${others.length} other rows were`} changed here and on disk. Saving waits for your choice.`}>
          <vscode-button appearance="secondary" onClick={() => store.goTo(next)}>Show</vscode-button>
        </Banner>
      )}
      {store.failure.value !== undefined && (
        <Banner icon="error" text={store.failure.value}>
          <vscode-button appearance="secondary" onClick={() => (store.failure.value = undefined)}>Dismiss</vscode-button>
        </Banner>
      )}
    </>
  );
}

function Banner({ icon, text, children }: { readonly icon: string; readonly text: string; readonly children?: preact.ComponentChildren }): preact.JSX.Element {
  return (
    <div class="banner" role="alert">
      <i class={`codicon codicon-${icon}`} aria-hidden="true" />
      <span class="grow">{text}</span>
      {children}
    </div>
  );
}

/** The fields that differ, on disk. */
function Difference({ mine, theirs }: { readonly mine: RowView['row']; readonly theirs: NonNullable<RowView['row']> }): preact.JSX.Element {
  const words = (row: NonNullable<RowView['row']>): Readonly<Record<string, string>> => ({
    problem: row.problem,
    answer: row.answer,
    'key words': row.key_words.join(', '),
    boxes: row.boxes.map(box => `${box.label} [${box.numbers.join(', ')}]`).join('; '),
  });
  const here = mine ? words(mine) : {};
  return (
    <ul class="difference">
      {Object.entries(words(theirs)).filter(([name, text]) => here[name] !== text).map(([name, text]) => (
        <li key={name}>
          <span class="dim">on disk, {name}:</span> {text || 'none'}
        </li>
      ))}
    </ul>
  );
}
