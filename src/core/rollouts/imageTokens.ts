import type { ImageSize } from '../geometry/boxFrame';
import { isTooUnequal, resizedSize } from '../geometry/resizedSize';

/** How a processor turns an image into tokens. */
export type ImageTokenRule =
  /** As Qwen2-VL and its successors: the image keeps its shape, a token for each `factor` squared pixels. */
  | { readonly kind: 'by size'; readonly factor: number; readonly minPixels?: number; readonly maxPixels?: number }
  /** As LLaVA: every image becomes the same size. */
  | { readonly kind: 'fixed'; readonly tokens: number };

type Json = Readonly<Record<string, unknown>>;

/** The rule that a processor's configuration says; undefined for processors that are not known. */
export function imageTokenRule(config: Json): ImageTokenRule | undefined {
  const image = objectOf(config.image_processor);
  const patch = positive(config.patch_size) ?? positive(image.patch_size);
  if (patch === undefined) return undefined;
  const merge = positive(image.merge_size);
  const size = objectOf(image.size);
  if (merge !== undefined) {
    const [minPixels, maxPixels] = [positive(image.min_pixels) ?? positive(size.shortest_edge), positive(image.max_pixels) ?? positive(size.longest_edge)];
    return { kind: 'by size', factor: patch * merge, ...(minPixels && { minPixels }), ...(maxPixels && { maxPixels }) };
  }
  const crop = image.do_center_crop === false ? size : objectOf(image.crop_size ?? image.size);
  const [height, width] = [positive(crop.height) ?? positive(crop.shortest_edge), positive(crop.width) ?? positive(crop.shortest_edge)];
  if (height === undefined || width === undefined || config.processor_class !== 'LlavaProcessor') return undefined;
  const all = Math.floor(height / patch) * Math.floor(width / patch) + (positive(config.num_additional_image_tokens) ?? 0);
  return { kind: 'fixed', tokens: config.vision_feature_select_strategy === 'default' ? all - 1 : all };
}

/** Tokens of an image; sides so unequal that the processor refuses them take none. */
export function imageTokens(rule: ImageTokenRule, size: ImageSize): number {
  if (rule.kind === 'fixed') return rule.tokens;
  if (isTooUnequal(size)) return 0;
  const { width, height } = resizedSize(size, rule);
  return (width * height) / rule.factor ** 2;
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
