import { useEffect, useRef, useState } from 'preact/hooks';
import type { ImageSize } from '../../src/core/geometry/boxFrame';

export type LoadedImage =
  | { readonly state: 'loading' }
  | { readonly state: 'failed' }
  | { readonly state: 'ready'; readonly image: HTMLImageElement; readonly size: ImageSize };

/** Loads an image; `size` is its own, after the rotation that its EXIF data ask for. */
export function loadImage(src: string): Promise<LoadedImage> {
  const image = new Image();
  image.decoding = 'async';
  image.src = src;
  return image.decode().then(
    () => ({ state: 'ready', image, size: { width: image.naturalWidth, height: image.naturalHeight } }),
    () => ({ state: 'failed' }), // the browser does not tell why; the host knows the path and says so
  );
}

/** Images that are kept decoded: the shown one, and those that are likely next. A photograph takes tens of megabytes. */
const mostKept = 6;

/**
 * The image of an address; an image that is on its way is 'loading', never the picture before it. Those of `ahead` are loaded and decoded meanwhile, so that
 * they are there at once when they are asked for.
 */
export function useImage(src: string | undefined, ahead: readonly string[] = []): LoadedImage {
  const kept = useRef(new Map<string, LoadedImage>());
  const [, redraw] = useState(0);
  const shown = useRef(src);
  shown.current = src;
  useEffect(() => {
    const images = kept.current;
    const load = async (address: string): Promise<void> => {
      const known = images.get(address);
      images.delete(address); // what was asked for last stands last
      const isThere = known !== undefined && known.state !== 'failed'; // what failed is tried again: its file may be mended
      images.set(address, isThere ? known : { state: 'loading' });
      for (const oldest of images.keys()) {
        if (images.size <= mostKept) break;
        images.delete(oldest);
      }
      if (isThere) return;
      const loaded = await loadImage(address);
      if (images.has(address)) images.set(address, loaded);
      if (shown.current === address) redraw(count => count + 1);
    };
    for (const address of ahead) void load(address);
    if (src !== undefined) void load(src);
  }, [src, ahead.join('\n')]);
  return (src === undefined ? undefined : kept.current.get(src)) ?? { state: 'loading' };
}
