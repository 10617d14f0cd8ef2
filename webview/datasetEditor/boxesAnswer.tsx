import { useSignal } from '@preact/signals';
import type { Row } from '../../src/core/dataset/row';
import type { Bbox, Box } from '../../src/core/dataset/sample';
import { boxIou } from '../../src/core/geometry/iou';
import { writtenToPixels } from '../../src/core/geometry/writtenFrame';
import { type BoxGrammar, boxGrammars, parseBoxes, type WrittenBox } from '../../src/core/grading/boxes/parseBoxes';
import { type AnswerFrame, answerFrames, isOnlyBoxes, pixelsToWritten, writeBoxes } from '../../src/core/grading/boxes/writeBoxes';
import { useCommittedField } from './committedField';
import type { EditorStore } from './editorStore';

interface BoxesAnswerProps {
  readonly store: EditorStore;
  readonly row: Row;
  readonly set: (value: string) => void;
}

/** The boxes that an answer writes, beside the gold boxes of the picture: each can follow the other, in the grammar and frame of the answer. */
export function BoxesAnswer({ store, row, set }: BoxesAnswerProps): preact.JSX.Element {
  const written = parseBoxes(row.answer);
  const chosenFrame = useSignal<AnswerFrame | undefined>(undefined);
  const chosenGrammar = useSignal<BoxGrammar | undefined>(undefined);
  const grammar = chosenGrammar.value ?? written[0]?.grammar ?? 'json';
  const size = store.boxes.imageSize.value;
  const gold = row.boxes.map(box => ({ ...box, pixels: store.boxes.pixelsOf(box) }));
  const pixelsIn = (bbox: Bbox, frame: AnswerFrame): Bbox | undefined => {
    try {
      return size && writtenToPixels(bbox, frame, size);
    } catch {
      return undefined; // a processor that refuses the image has no frame in it
    }
  };
  const closest = (bbox: Bbox, frame: AnswerFrame): { readonly index: number; readonly iou: number } | undefined => {
    const pixels = pixelsIn(bbox, frame);
    return pixels && gold.map(box => ({ index: box.index, iou: box.pixels ? boxIou(pixels, box.pixels) : 0 })).sort((a, b) => b.iou - a.iou)[0];
  };
  const frame: AnswerFrame = grammar === 'loc' ? 'norm1024' : (chosenFrame.value ?? likelyFrame(written, store.boxes.frame, closest));
  const labeled: readonly Box[] = written.map(({ label, bbox }) => ({ label: label ?? '', bbox }));
  const isPure = isOnlyBoxes(row.answer, written);
  const write = (boxes: readonly Box[]): void => set(boxes.length === 0 ? '' : writeBoxes(boxes, grammar));
  const fromGold = (): void => {
    if (size) write(gold.flatMap(({ label, pixels }) => (pixels ? [{ label, bbox: pixelsToWritten(pixels, frame, size) }] : [])));
  };
  const toGold = (): void => {
    const boxes = written.flatMap(({ label, bbox, fault }) => {
      const pixels = fault === undefined ? pixelsIn(bbox, frame) : undefined;
      return pixels ? [{ label: label ?? '', numbers: store.boxes.numbersOf(pixels, row) }] : [];
    });
    const drop = row.boxes.map(box => box.index);
    void store.gestures.change({ type: 'several', title: "Take the answer's boxes", changes: [...(drop.length > 0 ? [{ type: 'removeBoxes', indexes: drop } as const] : []), { type: 'addBoxes', boxes, title: '' }] });
  };
  return (
    <div class="answer-boxes">
      {written.length === 0 && <p class="dim hint">No box can be read from the answer.</p>}
      <ul class="boxes" aria-label="Boxes of the answer">
        {written.map((box, at) => {
          const match = closest(box.bbox, frame);
          return (
            <li key={at} class="box" tabIndex={0} onFocus={() => match && match.iou > 0 && store.boxes.select([match.index])} onClick={() => match && match.iou > 0 && store.boxes.select([match.index])}>
              {isPure ? (
                <BoxInput store={store} box={labeled[at] as Box} take={changed => write(labeled.map((each, place) => (place === at ? changed : each)))} />
              ) : (
                <span class="grow box-label">{box.label ?? ''} <span class="number mono dim">{box.bbox.join(', ')}</span></span>
              )}
              {gold.length > 0 && match && <span class="number dim" title="IoU with the closest gold box">{match.iou.toFixed(2)}</span>}
              {isPure && <button class="icon-button codicon codicon-trash" aria-label={`Delete box ${at + 1} of the answer`} title="Delete" onClick={() => write(labeled.filter((_, place) => place !== at))} />}
            </li>
          );
        })}
      </ul>
      <div class="answer-tools">
        <select aria-label="How the boxes are written" title={boxGrammars[grammar].writes} value={grammar} onChange={event => (chosenGrammar.value = event.currentTarget.value as BoxGrammar)}>
          {(Object.keys(boxGrammars) as BoxGrammar[]).map(each => <option key={each} value={each}>{each}</option>)}
        </select>
        <select aria-label="Frame of the boxes" value={frame} disabled={grammar === 'loc'} onChange={event => (chosenFrame.value = event.currentTarget.value as AnswerFrame)}>
          {[...new Set([frame, store.boxes.frame, ...answerFrames])].map(each => <option key={each} value={each}>{each}</option>)}
        </select>
        {isPure && labeled.length > 0 && chosenGrammar.value !== undefined && chosenGrammar.value !== written[0]?.grammar && <button class="link" onClick={() => write(labeled)}>Write it so</button>}
      </div>
      {row.boxes.length > 0 && <button class="link" disabled={!size} onClick={fromGold}>Write the gold boxes as the answer</button>}
      {written.length > 0 && <button class="link" disabled={!size} onClick={toGold}>Draw the answer's boxes as gold boxes</button>}
    </div>
  );
}

/** A box as one line that can be typed: its label, a colon, four numbers. */
function BoxInput({ store, box, take }: { readonly store: EditorStore; readonly box: Box; readonly take: (box: Box) => void }): preact.JSX.Element {
  const text = `${box.label}: ${box.bbox.join(', ')}`;
  const field = useCommittedField(store, text, typed => {
    const [, label = '', numbers = ''] = /^(.*?)[:\s]*((?:-?[\d.]+[\s,]+){3}-?[\d.]+)\s*$/.exec(typed) ?? [];
    const bbox = numbers.split(/[\s,]+/).filter(Boolean).map(Number);
    if (bbox.length === 4 && bbox.every(Number.isFinite)) take({ label: label.trim(), bbox: bbox as unknown as Bbox });
    else store.boxes.note.value = 'A box is a label and four numbers: cat: 10, 20, 30, 40';
  });
  return (
    <input
      class="chip-input grow" aria-label="Box of the answer" value={field.text} onInput={event => field.onInput(event.currentTarget.value)} onBlur={field.commit}
      onKeyDown={event => {
        if (event.key === 'Enter') field.commit();
        if (event.key === 'Escape') field.discard();
      }}
    />
  );
}

/** The frame in which the answer's boxes lie on the gold ones; the dataset's own where none clearly does. */
function likelyFrame(written: readonly WrittenBox[], own: AnswerFrame, closest: (bbox: Bbox, frame: AnswerFrame) => { readonly iou: number } | undefined): AnswerFrame {
  const some = written.slice(0, 20);
  const fits = [own, ...answerFrames].map(frame => ({ frame, fit: some.reduce((sum, { bbox }) => sum + (closest(bbox, frame)?.iou ?? 0), 0) }));
  const best = fits.reduce((a, b) => (b.fit > a.fit + 1e-6 ? b : a));
  return best.fit >= some.length / 2 ? best.frame : own;
}
