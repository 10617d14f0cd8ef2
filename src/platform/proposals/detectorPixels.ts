import type { Placing } from '../../core/proposals/decodeDetections';
import type { DetectorConfig } from '../../core/proposals/detectorConfig';

/** What a model is fed for one picture, and how the picture lies in it. */
export interface DetectorPixels {
  readonly values: Float32Array;
  readonly dims: readonly number[];
  readonly placing: Placing;
}

const mostPixels = 100_000_000;
/** What stands around a picture that does not fill the input: the grey of YOLO and OWLv2. */
const grey = { r: 114, g: 114, b: 114 };

/** Reads an image upright in RGB and brings it to the model's input. */
export async function detectorPixels(file: string, { width, height, resize, layout, scale, mean, std }: DetectorConfig['input']): Promise<DetectorPixels> {
  const { default: sharp } = await import('sharp'); // native: loaded with the first image
  // Once upright and flat, so that the size is that of what is resized.
  const upright = await sharp(file, { limitInputPixels: mostPixels }).rotate().flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const size = { width: upright.info.width, height: upright.info.height };
  const raw = sharp(upright.data, { raw: { width: size.width, height: size.height, channels: upright.info.channels } });
  const factor = Math.min(width / size.width, height / size.height);
  const inner = resize === 'stretch' ? { width, height } : { width: Math.max(1, Math.round(size.width * factor)), height: Math.max(1, Math.round(size.height * factor)) };
  const [left, top] = resize === 'letterbox' ? [Math.floor((width - inner.width) / 2), Math.floor((height - inner.height) / 2)] : [0, 0];
  const resized = raw.resize(inner.width, inner.height, { fit: 'fill', kernel: 'linear' }).extend({ left, top, right: width - inner.width - left, bottom: height - inner.height - top, background: grey });
  const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
  return {
    values: toFloats(data, info.channels, { layout, scale, mean, std }),
    dims: layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3],
    placing: { size, input: { width, height }, scaleX: inner.width / size.width, scaleY: inner.height / size.height, offsetX: left, offsetY: top },
  };
}

function toFloats(data: Uint8Array, channels: number, { layout, scale, mean, std }: Pick<DetectorConfig['input'], 'layout' | 'scale' | 'mean' | 'std'>): Float32Array {
  const count = data.length / channels;
  const values = new Float32Array(3 * count);
  for (let channel = 0; channel < 3; channel++) {
    const source = channels >= 3 ? channel : 0; // grey pictures have one channel
    const [middle, spread] = [mean[channel] ?? 0, std[channel] || 1];
    for (let pixel = 0; pixel < count; pixel++) {
      const value = ((data[pixel * channels + source] ?? 0) * scale - middle) / spread;
      values[layout === 'nchw' ? channel * count + pixel : pixel * 3 + channel] = value;
    }
  }
  return values;
}
