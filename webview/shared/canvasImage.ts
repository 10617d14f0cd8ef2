import { useEffect, useState } from 'preact/hooks';
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

/** The image of an address; an image that is on its way is 'loading', never the picture before it. */
export function useImage(src: string | undefined): LoadedImage {
  const [loaded, setLoaded] = useState<{ readonly src: string; readonly result: LoadedImage }>();
  useEffect(() => {
    if (src === undefined) return undefined;
    let isCurrent = true;
    void loadImage(src).then(result => {
      if (isCurrent) setLoaded({ src, result });
    });
    return () => {
      isCurrent = false;
    };
  }, [src]);
  return loaded !== undefined && loaded.src === src ? loaded.result : { state: 'loading' };
}
