import { type JsonObject, numberOf, type Parsed, textOf } from '../parsedLine';
import type { DetectorConfig } from './detectorConfig';

const sigmoidModels = ['rt_detr', 'rt_detr_v2', 'd_fine', 'deformable_detr'];
const queryModels = ['owlvit', 'owlv2'];

/**
 * What `config.json` and `preprocessor_config.json` of a Hugging Face export say of its detector; `model` is its ONNX file. YOLOS, RT-DETR, D-FINE and the
 * like have classes of their own, OWL-ViT and OWLv2 are asked with the labels of the sample.
 */
export function huggingFaceConfig(config: JsonObject, preprocessor: JsonObject, model: string): Parsed<DetectorConfig> {
  const type = textOf(config['model_type']) ?? '';
  const isAsked = queryModels.includes(type);
  if (!isAsked && type !== 'yolos' && !sigmoidModels.includes(type)) return { fault: `its model type "${type}" is not read by itself (${[...queryModels, 'yolos', ...sigmoidModels].join(', ')} are). Write a pebr-model.json beside it` };
  const { width, height } = (preprocessor['size'] ?? {}) as { width?: unknown; height?: unknown };
  const [wide, high] = [numberOf(width), numberOf(height)];
  if (wide === undefined || high === undefined) return { fault: 'preprocessor_config.json names no fixed "size" with width and height. Export it with one, or write a pebr-model.json beside it' };
  const names = Object.entries((config['id2label'] ?? {}) as Record<string, unknown>).sort((a, b) => Number(a[0]) - Number(b[0])).map(([, name]) => String(name));
  if (!isAsked && names.length === 0) return { fault: 'config.json names no classes ("id2label")' };
  const isNormal = preprocessor['do_normalize'] !== false;
  const three = (value: unknown, fallback: [number, number, number]): [number, number, number] => (isNormal && Array.isArray(value) && value.length === 3 ? (value.map(Number) as [number, number, number]) : fallback);
  return {
    value: {
      v: 1,
      model,
      input: {
        name: 'pixel_values', width: wide, height: high, resize: type === 'owlv2' ? 'pad' : 'stretch', layout: 'nchw',
        scale: preprocessor['do_rescale'] === false ? 1 : (numberOf(preprocessor['rescale_factor']) ?? 1 / 255),
        mean: three(preprocessor['image_mean'], [0, 0, 0]), std: three(preprocessor['image_std'], [1, 1, 1]),
      },
      output: { kind: 'boxes-scores', boxes: 'pred_boxes', scores: 'logits', frame: 'norm1', corners: 'cxcywh', activation: type === 'yolos' ? 'softmax' : 'sigmoid', background: type === 'yolos' ? 'last' : null },
      classes: isAsked ? [] : names,
      labels: {},
      ...(isAsked && { text: { tokenizer: 'tokenizer.json', template: 'a photo of a {label}', ids: 'input_ids', mask: 'attention_mask', length: 16 } }),
      threshold: isAsked ? 0.1 : 0.3,
    },
  };
}
