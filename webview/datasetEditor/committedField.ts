import { useEffect, useRef, useState } from 'preact/hooks';
import type { EditorStore } from './editorStore';

const pauseMs = 900;

/** What a text field needs: its text, and when to say that it changed. */
export interface CommittedField {
  readonly text: string;
  onInput(text: string): void;
  commit(): void;
  /** Drops what was typed since the last commit. */
  discard(): void;
}

/**
 * A field whose typing becomes one step at a time: when it is left, on Enter, after a short pause, and before anything else happens.
 * While nothing waits it follows the value, so an undo is seen at once.
 */
export function useCommittedField(store: EditorStore, value: string, change: (text: string) => void): CommittedField {
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const latest = useRef({ draft, value, change });
  latest.current = { draft: latest.current.draft, value, change };
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const keep = (text: string | undefined): void => {
    latest.current.draft = text;
    setDraft(text);
  };
  const commit = (): void => {
    clearTimeout(timer.current);
    const text = latest.current.draft;
    if (text === undefined) return;
    keep(undefined);
    if (text !== latest.current.value) latest.current.change(text);
  };
  useEffect(() => {
    const forget = store.fields.add(commit);
    return () => {
      commit();
      forget();
    };
  }, [store]);
  return {
    text: draft ?? value,
    onInput: text => {
      keep(text);
      clearTimeout(timer.current);
      timer.current = setTimeout(commit, pauseMs);
    },
    commit,
    discard: () => {
      clearTimeout(timer.current);
      keep(undefined);
    },
  };
}
