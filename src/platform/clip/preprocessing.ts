import * as v from 'valibot';

/** What `preprocessor_config.json` of a Hugging Face image processor asks for. */
const schema = v.object({
  do_resize: v.optional(v.boolean(), true),
  size: v.optional(v.union([v.number(), v.object({ height: v.number(), width: v.number() }), v.object({ shortest_edge: v.number() })]), 224),
  resample: v.optional(v.number(), 3),
  do_center_crop: v.optional(v.boolean(), false),
  crop_size: v.optional(v.union([v.number(), v.object({ height: v.number(), width: v.number() })])),
  do_rescale: v.optional(v.boolean(), true),
  rescale_factor: v.optional(v.number(), 1 / 255),
  do_normalize: v.optional(v.boolean(), true),
  image_mean: v.optional(v.array(v.number()), [0.48145466, 0.4578275, 0.40821073]), // CLIP's
  image_std: v.optional(v.array(v.number()), [0.26862954, 0.26130258, 0.27577711]),
});

export type Preprocessing = v.InferOutput<typeof schema>;

/** `values` are (3, height, width), channels red, green, blue. */
export interface Pixels {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Pillow's numbers of the resampling filters as sharp calls them. */
const kernels = { 0: 'nearest', 1: 'lanczos3', 2: 'linear', 3: 'cubic' } as const;

export function readPreprocessing(json: string): Preprocessing {
  const parsed = v.safeParse(schema, JSON.parse(json));
  if (!parsed.success) throw new Error(`preprocessor_config.json: ${parsed.issues.map(issue => issue.message).join(' ')}`);
  return parsed.output;
}

/** Reads an image upright in RGB and resizes, crops and normalises it as the model was trained. */
export async function toPixelValues(file: string, settings: Preprocessing): Promise<Pixels> {
  const { default: sharp } = await import('sharp'); // native: loaded with the first image
  let image = sharp(file, { limitInputPixels: 100_000_000 }).rotate().flatten({ background: '#fff' }).toColourspace('srgb');
  const kernel = kernels[settings.resample as keyof typeof kernels] ?? 'cubic';
  if (settings.do_resize) {
    const { size } = settings;
    if (typeof size === 'object' && 'height' in size) image = image.resize(size.width, size.height, { fit: 'fill', kernel, fastShrinkOnLoad: false });
    else {
      const edge = typeof size === 'number' ? size : size.shortest_edge;
      image = image.resize(edge, edge, { fit: 'outside', kernel, fastShrinkOnLoad: false });
    }
  }
  if (settings.do_center_crop && settings.crop_size !== undefined) {
    const crop = typeof settings.crop_size === 'number' ? { width: settings.crop_size, height: settings.crop_size } : settings.crop_size;
    image = sharp(await image.png({ compressionLevel: 0 }).toBuffer()).resize(crop.width, crop.height, { fit: 'cover', position: 'centre' });
  }
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { values: toChannels(data, info.width * info.height, info.channels, settings), width: info.width, height: info.height };
}

function toChannels(data: Uint8Array, count: number, channels: number, settings: Preprocessing): Float32Array {
  const values = new Float32Array(3 * count);
  const factor = settings.do_rescale ? settings.rescale_factor : 1;
  for (let channel = 0; channel < 3; channel++) {
    const mean = settings.do_normalize ? (settings.image_mean[channel] ?? 0) : 0;
    const deviation = settings.do_normalize ? (settings.image_std[channel] ?? 1) : 1;
    const source = channels >= 3 ? channel : 0; // grey pictures have one channel
    for (let pixel = 0; pixel < count; pixel++) values[channel * count + pixel] = ((data[pixel * channels + source] ?? 0) * factor - mean) / deviation;
  }
  return values;
}
