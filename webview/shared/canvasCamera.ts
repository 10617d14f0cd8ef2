import type { Bbox } from '../../src/core/dataset/sample';
import type { ImageSize } from '../../src/core/geometry/boxFrame';
import { fitView, panBy, type Point, toImage, toScreen, type View, viewOfBox, zoomAt } from '../../src/core/geometry/viewTransform';
import { mapRect } from './canvasHints';

/** Which part of an image a canvas shows, and how large. Points are pixels of the page from the canvas's corner, unless they are the image's. */
export class CanvasCamera {
  view: View = { scale: 1, x: 0, y: 0 };
  /** Of the canvas, in pixels of the page. */
  viewport: ImageSize = { width: 0, height: 0 };
  /** Undefined while there is no image; nothing moves then. */
  image: ImageSize | undefined;
  /** The whole image is shown, and stays so when the canvas gets another size. */
  private isFitted = true;

  constructor(private readonly onMove: (view: View) => void) {}

  resize(viewport: ImageSize): void {
    this.viewport = viewport;
    if (this.isFitted) this.fit();
  }

  fit(): void {
    if (this.image) this.show(fitView(this.image, this.viewport), true);
  }

  pan(dx: number, dy: number): void {
    if (this.image) this.show(panBy(this.view, dx, dy, this.image, this.viewport), false);
  }

  /** Around a point that stays where it is: the canvas's middle, unless another is told. */
  zoom(factor: number, at: Point = { x: this.viewport.width / 2, y: this.viewport.height / 2 }): void {
    if (this.image) this.show(zoomAt(this.view, factor, at, this.image), false);
  }

  zoomTo(bbox: Bbox): void {
    if (this.image) this.show(viewOfBox(bbox, this.viewport, 80, 24), false);
  }

  /** Brings the part of the image that is pointed at on the map into view; false where there is no map, or beside it unless `isOnMap` says that the hand came from there. */
  showOnMap(at: Point, isOnMap: boolean): boolean {
    const { image: size, view, viewport } = this;
    const map = size && mapRect({ view, viewport, size });
    if (!size || !map || (!isOnMap && (at.x < map.x || at.y < map.y || at.x > map.x + map.width || at.y > map.y + map.height))) return false;
    const middle = toScreen(view, { x: ((at.x - map.x) / map.width) * size.width, y: ((at.y - map.y) / map.height) * size.height });
    this.pan(viewport.width / 2 - middle.x, viewport.height / 2 - middle.y);
    return true;
  }

  /** The pixel of the image under a point. */
  onImage(point: Point): Point {
    return toImage(this.view, point);
  }

  private show(view: View, isFitted: boolean): void {
    this.view = view;
    this.isFitted = isFitted;
    this.onMove(view);
  }
}
