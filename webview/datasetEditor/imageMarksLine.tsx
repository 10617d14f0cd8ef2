import type { Row } from '../../src/core/dataset/row';
import { imageMarks, insertMark, marksToStart, withMarks } from '../../src/core/labels/imageMarks';
import type { EditorStore } from './editorStore';

/** Where the images stand in the problem, and what mends it: one is put in at the caret, all go to the start, or as many as the row has images. */
export function ImageMarksLine({ store, row, caret }: { readonly store: EditorStore; readonly row: Row; readonly caret: () => number | undefined }): preact.JSX.Element | null {
  const marks = imageMarks(row.problem);
  const wanted = row.images.length;
  if (wanted === 0 && marks.length === 0) return null;
  const isRight = marks.length === wanted;
  const set = (change: (problem: string) => string): void => {
    store.fields.flush(); // what is typed counts
    const { row: now } = store.cursor.current.value ?? {};
    const value = now && change(now.problem);
    if (value !== undefined && value !== now?.problem) void store.gestures.change({ type: 'setText', field: 'problem', value });
  };
  const words = marks.map(({ place, beside }, at) => `${marks.length > 1 ? `${at + 1} ` : ''}${place === 'start' ? 'at the start' : place === 'end' ? 'at the end' : `before “${beside}”`}`);
  return (
    <p class="hint marks-line">
      {!isRight && <i class="codicon codicon-warning is-warning" role="img" aria-label="warning" />}
      <span class="dim">{isRight ? `<image> ${words.join(', ')}` : `${wanted} ${wanted === 1 ? 'image' : 'images'}, ${marks.length} <image>${marks.length > 0 ? `: ${words.join(', ')}` : ''}`}</span>
      {!isRight && <button class="link" onClick={() => set(problem => withMarks(problem, wanted))}>Write one for each image</button>}
      {marks.length < wanted && <button class="link" onMouseDown={event => event.preventDefault()} onClick={() => set(problem => insertMark(problem, caret() ?? 0))}>Insert at the caret</button>}
      {marks.some(({ place }) => place !== 'start') && <button class="link" onClick={() => set(marksToStart)}>Move to the start</button>}
    </p>
  );
}
