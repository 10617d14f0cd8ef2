import { useEffect, useState } from 'preact/hooks';
import type { ImageSize } from '../../src/core/geometry/boxFrame';
import type { ImageView, RowView } from '../../src/protocol/datasetEditor';
import { type LoadedImage, useImage } from '../shared/canvasImage';
import type { EditorStore } from './editorStore';

/** Decoded, a pixel takes four bytes; a page with a larger picture is one that the browser may end. */
const mostPixels = 40_000_000;
/** Neighbours beyond it are not decoded ahead: several are kept. */
const mostPixelsAhead = 16_000_000;

const pixelsOf = (size: ImageSize | undefined): number => (size ? size.width * size.height : 0);

/** Whether a picture is small enough to be decoded before it is asked for. */
export function isReadyAhead({ size }: ImageView): boolean {
  return pixelsOf(size) <= mostPixelsAhead;
}

export interface ShownPicture {
  readonly image: LoadedImage;
  /** What is to be known about it; empty where it is shown as it is. */
  readonly note: string;
}

/** The picture of a row: itself, or a copy that the host makes where it is too large for a page or of a kind that browsers do not show. Its size is always its own. */
export function useShownPicture(store: EditorStore, view: RowView | undefined, place: number, ahead: readonly string[]): ShownPicture {
  const shown = view?.images[place];
  const isHuge = pixelsOf(shown?.size) > mostPixels;
  const [copy, setCopy] = useState<{ readonly of: string; readonly uri: string | null } | undefined>(undefined);
  const own = useImage(isHuge ? undefined : shown?.uri, ahead);
  const needsCopy = shown?.uri !== undefined && (isHuge || own.state === 'failed');
  const uri = needsCopy && copy?.of === shown.uri ? copy.uri : undefined;
  const copied = useImage(uri ?? undefined);
  useEffect(() => {
    const of = shown?.uri;
    if (!needsCopy || !view || of === undefined || copy?.of === of) return;
    void store.host.request('viewable', { index: view.index, image: place }).then(answer => setCopy({ of, uri: answer.uri }), () => setCopy({ of, uri: null }));
  }, [needsCopy, shown?.uri]);
  if (!needsCopy) return { image: own, note: '' };
  if (uri === null || copied.state === 'failed') return { image: { state: 'failed' }, note: '' };
  if (uri === undefined || copied.state === 'loading' || !shown.size) return { image: { state: 'loading' }, note: isHuge ? 'Making a smaller copy of a very large picture…' : '' };
  const finest = shown.size.width / copied.size.width;
  return { image: { ...copied, size: shown.size }, note: finest > 1 ? `A smaller copy of a picture of ${shown.size.width.toLocaleString('en')} × ${shown.size.height.toLocaleString('en')} px: edges are seen to about ${Math.ceil(finest)} px.` : '' };
}
