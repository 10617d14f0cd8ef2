import { useSignal } from '@preact/signals';
import type { RowView } from '../../src/protocol/datasetEditor';
import { ConflictDialog } from './conflictDialog';
import type { EditorStore } from './editorStore';

/** What needs a decision: the file is gone, a row was changed here and on disk, an edit failed. */
export function Banners({ store, view }: { readonly store: EditorStore; readonly view: RowView | undefined }): preact.JSX.Element {
  const document = store.document.value;
  const fail = (error: unknown): void => void (store.failure.value = error instanceof Error ? error.message : String(error));
  const conflicts = document?.conflicts ?? 0;
  const isComparing = useSignal(false);
  const restored = document && document.edited > 0 ? store.restored.value : 0;
  const { unanswered: { value: unanswered } } = store.gestures;
  return (
    <>
      {store.blind.isOn.value && (
        <Banner icon="eye-closed" text={`Second pass: the first labels are hidden, and what you label is kept beside them. Y: done, next sample.${conflicts > 0 ? ' The file changed on disk where labels were edited; leave the pass to compare.' : ''}`}>
          <vscode-button appearance="secondary" onClick={() => store.review.toggleBlind()}>Leave</vscode-button>
        </Banner>
      )}
      {unanswered > 0 && <Banner icon="warning" text={`VS Code does not answer: your last ${unanswered === 1 ? 'step is' : `${unanswered.toLocaleString('en')} steps are`} not kept yet. If this stays, run "Developer: Reload Window": what was done before ${unanswered === 1 ? 'it' : 'them'} comes back.`} />}
      {restored > 0 && (
        <Banner icon="history" text={`${restored === 1 ? '1 unsaved edit' : `${restored.toLocaleString('en')} unsaved edits`} from before this window was closed or crashed ${restored === 1 ? 'is' : 'are'} back.`}>
          <vscode-button appearance="secondary" onClick={() => (store.restored.value = 0)}>Dismiss</vscode-button>
        </Banner>
      )}
      {document?.isMissing && (
        <Banner icon="warning" text="The file was deleted or moved. Everything that was in it can still be written again.">
          <vscode-button appearance="secondary" onClick={() => store.host.request('writeAgain', null).catch(fail)}>Write the File Again</vscode-button>
        </Banner>
      )}
      {conflicts > 0 && !store.blind.isOn.value && (
        <Banner icon="git-compare" text={`${view?.conflict !== undefined ? 'This row' : conflicts === 1 ? 'A row' : `${conflicts.toLocaleString('en')} rows`}${view?.conflict !== undefined && conflicts > 1 ? ` and ${(conflicts - 1).toLocaleString('en')} more` : ''} changed on disk where you have unsaved edits. Nothing is lost; saving waits for your choice.`}>
          <vscode-button onClick={() => (isComparing.value = true)}>Compare</vscode-button>
        </Banner>
      )}
      {isComparing.value && conflicts > 0 && !store.blind.isOn.value && <ConflictDialog store={store} first={view?.conflict} close={() => (isComparing.value = false)} />}
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
